import { describe, expect, test } from "@jest/globals";
import { reply } from "../gateway-stub.js";
import { AnswerScript, streamed, tokens } from "./answer-script.js";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

describe("an answer that fails", () => {
  const refusal = (code: number) => ({ success: false, error: [{ code, message: "no" }] });
  test.each([
    ["a rate limit", reply(429, refusal(2003)), "Too many questions at once"],
    ["a guardrail", reply(424, refusal(2016)), "guardrails blocked"],
    ["a provider's failure", reply(500, { errors: [{ message: "boom" }] }), "The model failed"],
    ["no JSON", reply(200, "oops"), "something that is no answer"],
    ["an empty stream", streamed([]), "without any text"],
  ])("because of %s says why", async (_, answer, sentence) => {
    // GIVEN a gateway that fails
    here.gateway.answer(answer);
    const ada = await RoomClient.join(here.chat.url, "fails", { name: "Ada" });
    const id = `q-${Math.random().toString(36).slice(2)}`;

    // WHEN somebody asks
    ada.send({ type: "ask", id, text: "Why?" });

    // THEN there is a failed answer with a sentence
    expect(await ada.answered(`${id}.answer`)).toMatchObject({
      ...{ state: "failed", text: "", error: expect.stringContaining(sentence) },
    });
    await ada.close();
  });

  test("in the middle keeps what came", async () => {
    // GIVEN a stream that ends without its last word, one that breaks, one that says it failed
    const ada = await RoomClient.join(here.chat.url, "breaks", { name: "Ada" });
    const ends: [string, (script: AnswerScript) => Promise<void>, string][] = [
      ["q1", (script) => script.break(), "Ask again"],
      [
        "q2",
        (script) => script.raw('data: {"errors":[{"message":"out of memory"}]}\n\n'),
        "memory",
      ],
      ["q3", (script) => script.raw("data: oops\n\n"), "no answer"],
    ];
    for (const [id, end, sentence] of ends) {
      const script = new AnswerScript();
      here.gateway.answer(script.answer);

      // WHEN somebody asks
      ada.send({ type: "ask", id, text: `${id}?` });
      await script.token("Half");
      await ada.until(() => ada.shown.get(`${id}.answer`)?.text === "Half");
      await end(script);

      // THEN half an answer is there, marked as failed
      expect(await ada.answered(`${id}.answer`)).toMatchObject({
        ...{ state: "failed", text: "Half", error: expect.stringContaining(sentence) },
      });
    }
    await ada.close();
  });

  test("because everything was restarted is failed for who comes back, with what came", async () => {
    // GIVEN an answer that streams for longer than what may be lost
    const script = new AnswerScript();
    here.gateway.answer(script.answer);
    const ada = await RoomClient.join(here.chat.url, "killed", { name: "Ada" });
    ada.send({ type: "ask", id: "q", text: "Why?" });
    await script.token("Some ");
    await ada.until(() => tokens(ada).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await script.token("words ");
    await ada.until(() => tokens(ada).length === 2);
    ada.vanish();

    // WHEN the runtime goes down in the middle
    await here.chat.restart();
    const again = await ada.resume(here.chat.url, "killed", "Ada");

    // THEN the answer is failed, not streaming for ever, and has what was written down
    expect(again.messages.at(-1)).toMatchObject({
      ...{ id: "q.answer", state: "failed", text: "Some words " },
      error: "The room was restarted while it streamed.",
    });
    await again.close();
  });
});
