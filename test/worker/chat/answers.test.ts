import { describe, expect, test } from "@jest/globals";
import { reply } from "../gateway-stub.js";
import { AnswerScript, streamed, tokens } from "./answer-script.js";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

describe("a question", () => {
  test("is answered token by token in everybody's room", async () => {
    // GIVEN two people, and a model that says one word at a time
    const script = new AnswerScript();
    here.gateway.answer(script.answer);
    const ada = await RoomClient.join(here.chat.url, "tokens", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "tokens", { name: "Bob" });

    // WHEN Ada asks
    ada.send({ type: "ask", id: "q", text: "Why?" });
    await script.token("Be");
    await bob.until(() => tokens(bob).length === 1);

    // THEN the first word is there before the second is said
    expect(tokens(bob)).toEqual(["Be"]);
    expect(bob.messages.at(-1)).toMatchObject({ kind: "answer", state: "streaming", text: "Be" });
    await script.token("cause");
    await bob.until(() => tokens(bob).length === 2);
    await script.end();

    // AND the whole is marked with model, time and cache
    const answer = await bob.answered("q.answer");
    expect(answer).toEqual({
      ...{ seq: 2, id: "q.answer", author: "AI", text: "Because", at: expect.any(Number) },
      ...{ kind: "answer", state: "done", model: "@cf/meta/llama-3.1-8b-instruct" },
      ...{ ms: expect.any(Number), cache: "MISS" },
    });
    expect(await ada.answered("q.answer")).toEqual(answer);
    expect(ada.messages[0]).toMatchObject({ id: "q", kind: "question", text: "Why?" });
    await ada.close();
    await bob.close();
  });

  test("names the model that answered, when the gateway says that it was another", async () => {
    // GIVEN a gateway that leads elsewhere
    here.gateway.answer(reply(200, { response: "Hello" }, { "cf-aig-model": "llama3.1" }));
    const ada = await RoomClient.join(here.chat.url, "named", { name: "Ada" });

    // WHEN Ada asks
    ada.send({ type: "ask", id: "q", text: "Who?" });

    // THEN the answer is that model's
    expect(await ada.answered("q.answer")).toMatchObject({ text: "Hello", model: "llama3.1" });
    await ada.close();
  });

  test("may begin with /ai", async () => {
    // GIVEN a model
    here.gateway.answer(streamed(["Yes"]));
    const ada = await RoomClient.join(here.chat.url, "slash", { name: "Ada" });

    // WHEN a message starts with /ai
    ada.send({ type: "say", id: "q", text: "/ai  Really?" });

    // THEN it is a question
    expect(await ada.answered("q.answer")).toMatchObject({ text: "Yes" });
    expect(ada.messages[0]).toMatchObject({ kind: "question", text: "Really?" });
    await ada.close();
  });

  test("is followed to its end by who comes in the middle, and who comes back", async () => {
    // GIVEN an answer that streams
    const script = new AnswerScript();
    here.gateway.answer(script.answer);
    const ada = await RoomClient.join(here.chat.url, "middle", { name: "Ada" });
    ada.send({ type: "ask", id: "q", text: "Why?" });
    await script.token("one ");
    await ada.until(() => tokens(ada).length === 1);
    ada.vanish();
    await script.token("two ");

    // WHEN Bob joins, Ada comes back, and the answer goes on
    const bob = await RoomClient.join(here.chat.url, "middle", { name: "Bob" });
    await bob.until(() => bob.messages.at(-1)?.text.includes("two") === true);
    const again = await ada.resume(here.chat.url, "middle", "Ada");
    await script.token("three");
    await script.end();

    // THEN both have all of it once
    await Promise.all([bob.answered("q.answer"), again.answered("q.answer")]);
    for (const client of [bob, again]) {
      expect(client.gap).toBe(false);
      expect(client.messages.map(({ text }) => text)).toEqual(["Why?", "one two three"]);
      // Tokens alone would have done, without the last frame.
      const start = client.welcome.messages.find(({ id }) => id === "q.answer")?.text ?? "";
      expect(start + tokens(client).join("")).toBe("one two three");
    }
    await bob.close();
    await again.close();
  });

  test("is refused while four answers stream", async () => {
    // GIVEN four answers that do not end
    const scripts = Array.from({ length: 4 }, () => new AnswerScript());
    let asked = 0;
    here.gateway.answer((request, response) => scripts[asked++]?.answer(request, response));
    const ada = await RoomClient.join(here.chat.url, "busy", { name: "Ada" });
    for (const n of [1, 2, 3, 4]) ada.send({ type: "ask", id: `q${n}`, text: `${n}?` });
    await ada.message("q4.answer");

    // WHEN a fifth question comes
    ada.send({ type: "ask", id: "q5", text: "5?" });

    // THEN it is refused, and taken when one is done
    expect(await ada.next("error")).toMatchObject({ code: "busy", id: "q5" });
    for (const script of scripts) {
      await script.token("x");
      await script.end();
    }
    await Promise.all([1, 2, 3, 4].map((n) => ada.answered(`q${n}.answer`)));
    here.gateway.answer(streamed(["5"]));
    ada.send({ type: "ask", id: "q5", text: "5?" });
    expect(await ada.answered("q5.answer")).toMatchObject({ text: "5", state: "done" });
    await ada.close();
  });
});

test("an answer goes on when who asked has left", async () => {
  // GIVEN a question, and nobody in the room any more
  const script = new AnswerScript();
  here.gateway.answer(script.answer);
  const ada = await RoomClient.join(here.chat.url, "left", { name: "Ada" });
  ada.send({ type: "ask", id: "q", text: "Why?" });
  await script.token("Be");
  await ada.until(() => tokens(ada).length === 1);
  await ada.close();

  // WHEN the model goes on
  await script.token("cause");
  await script.end();

  // THEN who comes later has the answer
  const bob = await RoomClient.join(here.chat.url, "left", { name: "Bob" });
  await bob.until(() => bob.messages.at(-1)?.state === "done" || bob.of("answered").length > 0);
  expect(bob.messages.at(-1)).toMatchObject({ text: "Because", state: "done" });
  await bob.close();
});
