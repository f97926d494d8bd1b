import { describe, expect, test } from "@jest/globals";
import { reply } from "../gateway-stub.js";
import { streamed } from "./answer-script.js";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

describe("a question", () => {
  test("asked again is a prompt the gateway can have in its cache", async () => {
    // GIVEN a talk, and a question about it
    here.gateway.answer(streamed(["42"]));
    const ada = await RoomClient.join(here.chat.url, "hit", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "hit", { name: "Bob" });
    await ada.say("m1", "The answer is 42");
    ada.send({ type: "ask", id: "q1", text: "What is it?" });
    await ada.answered("q1.answer");
    const first = JSON.parse(here.gateway.requests[0]?.body ?? "")[0].query;

    // WHEN somebody else asks the same, twice, and the gateway has it
    const hit = { "cf-aig-cache-status": "HIT" };
    here.gateway.answer(reply(200, { result: { response: "42 indeed" } }, hit));
    bob.send({ type: "ask", id: "q2", text: "What is it?" });
    bob.send({ type: "ask", id: "q3", text: "What is it?" });
    await Promise.all([ada.answered("q2.answer"), ada.answered("q3.answer")]);

    // THEN the room says so
    expect(ada.shown.get("q3.answer")).toMatchObject({ text: "42 indeed", cache: "HIT" });
    // AND the first was streamed, the others were not: the gateway keeps whole answers only
    expect(first).toEqual({
      messages: [
        {
          role: "user",
          content:
            "What is it?\n\nThe conversation in our chat room so far, for context:\nAda: The answer is 42",
        },
      ],
      stream: true,
    });
    const bodies = here.gateway.requests.map(({ body }) => JSON.parse(body)[0].query);
    expect(bodies).toContainEqual({ messages: first.messages });
    // AND the room's name is for the log only
    expect(here.gateway.requests[0]?.headers["cf-aig-metadata"]).toBe('{"room":"hit"}');
    await ada.close();
    await bob.close();
  });

  test("asked again after something was said is another one, and streams", async () => {
    // GIVEN a question that was answered
    here.gateway.answer(streamed(["42"]));
    const ada = await RoomClient.join(here.chat.url, "more", { name: "Ada" });
    ada.send({ type: "ask", id: "q1", text: "What is it?" });
    await ada.answered("q1.answer");

    // WHEN more is said before it is asked again
    await ada.say("m1", "Not 42");
    ada.send({ type: "ask", id: "q2", text: "What is it?" });
    await ada.answered("q2.answer");

    // THEN what was said goes along, and what it was answered before does not
    const query = JSON.parse(here.gateway.requests[1]?.body ?? "")[0].query;
    expect(query.stream).toBe(true);
    expect(query.messages[0].content).toMatch(/^What is it\?\n\n.*:\nAda: Not 42$/s);
    await ada.close();
  });

  test("sent again is not asked again", async () => {
    // GIVEN a question that is answered
    here.gateway.answer(streamed(["Yes"]));
    const ada = await RoomClient.join(here.chat.url, "resend", { name: "Ada" });
    ada.send({ type: "ask", id: "q", text: "Really?" });
    await ada.answered("q.answer");

    // WHEN it is sent again
    ada.send({ type: "ask", id: "q", text: "Really?" });
    await ada.until(() => ada.of("message").length === 4);

    // THEN the page gets both again, and the model is left alone
    expect(ada.of("message").map(({ message }) => message.text)).toEqual([
      ...["Really?", "", "Really?", "Yes"],
    ]);
    expect(here.gateway.requests).toHaveLength(1);
    await ada.close();
  });
});
