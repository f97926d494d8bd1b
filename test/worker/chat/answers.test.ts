import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type GatewayStub, reply, startGatewayStub } from "../gateway-stub.js";
import { AnswerScript, event, streamed } from "./answer-script.js";
import { RoomClient } from "./room-client.js";
import { type RunningChat, startChat } from "./start-chat.js";

let gateway: GatewayStub;
let chat: RunningChat;
beforeAll(async () => {
  gateway = await startGatewayStub();
  chat = await startChat({ gateway: gateway.address });
}, 30_000);
afterAll(async () => {
  await chat.close();
  await gateway.close();
});

const tokens = (client: RoomClient) => client.of("token").map(({ text }) => text);

describe("a question", () => {
  test("is answered token by token in everybody's room", async () => {
    // GIVEN two people, and a model that says one word at a time
    const script = new AnswerScript();
    gateway.answer(script.answer);
    const ada = await RoomClient.join(chat.url, "tokens", { name: "Ada" });
    const bob = await RoomClient.join(chat.url, "tokens", { name: "Bob" });

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
    gateway.answer(reply(200, { response: "Hello" }, { "cf-aig-model": "llama3.1" }));
    const ada = await RoomClient.join(chat.url, "named", { name: "Ada" });

    // WHEN Ada asks
    ada.send({ type: "ask", id: "q", text: "Who?" });

    // THEN the answer is that model's
    expect(await ada.answered("q.answer")).toMatchObject({ text: "Hello", model: "llama3.1" });
    await ada.close();
  });

  test("may begin with /ai", async () => {
    // GIVEN a model
    gateway.answer(streamed(["Yes"]));
    const ada = await RoomClient.join(chat.url, "slash", { name: "Ada" });

    // WHEN a message starts with /ai
    ada.send({ type: "say", id: "q", text: "/ai  Really?" });

    // THEN it is a question
    expect(await ada.answered("q.answer")).toMatchObject({ text: "Yes" });
    expect(ada.messages[0]).toMatchObject({ kind: "question", text: "Really?" });
    await ada.close();
  });

  test("asked again is a prompt the gateway can have in its cache", async () => {
    // GIVEN a talk, and a question about it
    gateway.answer(streamed(["42"]));
    const ada = await RoomClient.join(chat.url, "hit", { name: "Ada" });
    const bob = await RoomClient.join(chat.url, "hit", { name: "Bob" });
    await ada.say("m1", "The answer is 42");
    ada.send({ type: "ask", id: "q1", text: "What is it?" });
    await ada.answered("q1.answer");
    const first = JSON.parse(gateway.requests[0]?.body ?? "")[0].query;

    // WHEN somebody else asks the same, twice, and the gateway has it
    const hit = { "cf-aig-cache-status": "HIT" };
    gateway.answer(reply(200, { result: { response: "42 indeed" } }, hit));
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
    const bodies = gateway.requests.map(({ body }) => JSON.parse(body)[0].query);
    expect(bodies).toContainEqual({ messages: first.messages });
    // AND the room's name is for the log only
    expect(gateway.requests[0]?.headers["cf-aig-metadata"]).toBe('{"room":"hit"}');
    await ada.close();
    await bob.close();
  });

  test("asked again after something was said is another one, and streams", async () => {
    // GIVEN a question that was answered
    gateway.answer(streamed(["42"]));
    const ada = await RoomClient.join(chat.url, "more", { name: "Ada" });
    ada.send({ type: "ask", id: "q1", text: "What is it?" });
    await ada.answered("q1.answer");

    // WHEN more is said before it is asked again
    await ada.say("m1", "Not 42");
    ada.send({ type: "ask", id: "q2", text: "What is it?" });
    await ada.answered("q2.answer");

    // THEN what was said goes along, and what it was answered before does not
    const query = JSON.parse(gateway.requests[1]?.body ?? "")[0].query;
    expect(query.stream).toBe(true);
    expect(query.messages[0].content).toMatch(/^What is it\?\n\n.*:\nAda: Not 42$/s);
    await ada.close();
  });

  test("sent again is not asked again", async () => {
    // GIVEN a question that is answered
    gateway.answer(streamed(["Yes"]));
    const ada = await RoomClient.join(chat.url, "resend", { name: "Ada" });
    ada.send({ type: "ask", id: "q", text: "Really?" });
    await ada.answered("q.answer");

    // WHEN it is sent again
    ada.send({ type: "ask", id: "q", text: "Really?" });
    await ada.until(() => ada.of("message").length === 4);

    // THEN the page gets both again, and the model is left alone
    expect(ada.of("message").map(({ message }) => message.text)).toEqual([
      ...["Really?", "", "Really?", "Yes"],
    ]);
    expect(gateway.requests).toHaveLength(1);
    await ada.close();
  });

  test("is followed to its end by who comes in the middle, and who comes back", async () => {
    // GIVEN an answer that streams
    const script = new AnswerScript();
    gateway.answer(script.answer);
    const ada = await RoomClient.join(chat.url, "middle", { name: "Ada" });
    ada.send({ type: "ask", id: "q", text: "Why?" });
    await script.token("one ");
    await ada.until(() => tokens(ada).length === 1);
    ada.vanish();
    await script.token("two ");

    // WHEN Bob joins, Ada comes back, and the answer goes on
    const bob = await RoomClient.join(chat.url, "middle", { name: "Bob" });
    await bob.until(() => bob.messages.at(-1)?.text.includes("two") === true);
    const again = await ada.resume(chat.url, "middle", "Ada");
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
    gateway.answer((request, response) => scripts[asked++]?.answer(request, response));
    const ada = await RoomClient.join(chat.url, "busy", { name: "Ada" });
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
    gateway.answer(streamed(["5"]));
    ada.send({ type: "ask", id: "q5", text: "5?" });
    expect(await ada.answered("q5.answer")).toMatchObject({ text: "5", state: "done" });
    await ada.close();
  });
});

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
    gateway.answer(answer);
    const ada = await RoomClient.join(chat.url, "fails", { name: "Ada" });
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
    const ada = await RoomClient.join(chat.url, "breaks", { name: "Ada" });
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
      gateway.answer(script.answer);

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
    gateway.answer(script.answer);
    const ada = await RoomClient.join(chat.url, "killed", { name: "Ada" });
    ada.send({ type: "ask", id: "q", text: "Why?" });
    await script.token("Some ");
    await ada.until(() => tokens(ada).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await script.token("words ");
    await ada.until(() => tokens(ada).length === 2);
    ada.vanish();

    // WHEN the runtime goes down in the middle
    await chat.restart();
    const again = await ada.resume(chat.url, "killed", "Ada");

    // THEN the answer is failed, not streaming for ever, and has what was written down
    expect(again.messages.at(-1)).toMatchObject({
      ...{ id: "q.answer", state: "failed", text: "Some words " },
      error: "The room was restarted while it streamed.",
    });
    await again.close();
  });
});

test("an answer goes on when who asked has left", async () => {
  // GIVEN a question, and nobody in the room any more
  const script = new AnswerScript();
  gateway.answer(script.answer);
  const ada = await RoomClient.join(chat.url, "left", { name: "Ada" });
  ada.send({ type: "ask", id: "q", text: "Why?" });
  await script.token("Be");
  await ada.until(() => tokens(ada).length === 1);
  await ada.close();

  // WHEN the model goes on
  await script.token("cause");
  await script.end();

  // THEN who comes later has the answer
  const bob = await RoomClient.join(chat.url, "left", { name: "Bob" });
  await bob.until(() => bob.messages.at(-1)?.state === "done" || bob.of("answered").length > 0);
  expect(bob.messages.at(-1)).toMatchObject({ text: "Because", state: "done" });
  await bob.close();
});

test("a stream may be cut anywhere, in the middle of a character too", async () => {
  // GIVEN a stream with characters of two to four bytes, in both forms of events
  const stream = Buffer.from(
    `: hello\r\n\r\n${event({ response: "Grüße " })}data: {"choices":[{"delta":{"content":"日本 "}}]}\r\n\r\n${event({ response: "\u{1F600}", p: "abc" })}data: [DONE]\n\n`,
  );
  const ada = await RoomClient.join(chat.url, "cut", { name: "Ada" });

  // WHEN it comes in two parts, cut after each of its bytes
  for (let at = 1; at < stream.length; at += 1) {
    const script = new AnswerScript();
    gateway.answer(script.answer);
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
