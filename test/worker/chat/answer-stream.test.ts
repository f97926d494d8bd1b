import { expect, test } from "@jest/globals";
import { AnswerScript, event } from "./answer-script.js";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

test("a stream may be cut anywhere, in the middle of a character too", async () => {
  // GIVEN a stream with characters of two to four bytes, in both forms of events
  const stream = Buffer.from(
    `: hello\r\n\r\n${event({ response: "Grüße " })}data: {"choices":[{"delta":{"content":"日本 "}}]}\r\n\r\n${event({ response: "\u{1F600}", p: "abc" })}data: [DONE]\n\n`,
  );
  const ada = await RoomClient.join(here.chat.url, "cut", { name: "Ada" });

  // WHEN it comes in two parts, cut after each of its bytes
  for (let at = 1; at < stream.length; at += 1) {
    const script = new AnswerScript();
    here.gateway.answer(script.answer);
    ada.send({ type: "ask", id: `q${at}`, text: `${at}?` });
    await script.raw(stream.subarray(0, at));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await script.raw(stream.subarray(at));
    await script.end();

    // THEN the answer is whole
    expect(await ada.answered(`q${at}.answer`)).toMatchObject({
      ...{ text: "Grüße 日本 \u{1F600}", state: "done" },
    });
  }
  await ada.close();
}, 60_000);
