import { describe, expect, test } from "@jest/globals";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

const texts = (client: RoomClient) => client.messages.map(({ text }) => text);

describe("a room", () => {
  test("tells two people what they say to each other, and who is there", async () => {
    // GIVEN two people in a room
    const ada = await RoomClient.join(here.chat.url, "two", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "two", { name: "  Bob\n" });

    // WHEN each says something
    await ada.say("m1", "Hello");
    await bob.message("m1");
    await bob.say("m2", " Hi \u{1F600} ");
    await ada.message("m2");

    // THEN both have both, in the same order, with who said it
    expect(ada.messages).toEqual(bob.messages);
    expect(ada.messages.map(({ author, text, seq }) => ({ author, text, seq }))).toEqual([
      { author: "Ada", text: "Hello", seq: 1 },
      { author: "Bob", text: "Hi \u{1F600}", seq: 2 },
    ]);
    // AND Ada hears that Bob came, and that he went
    await ada.next("people", ({ people }) => people.map(({ name }) => name).join() === "Ada,Bob");
    await bob.close();
    await ada.until(() => ada.of("people").at(-1)?.count === 1);
    await ada.close();
  });

  test("gives who comes later the latest 50 messages", async () => {
    // GIVEN a room with 60 messages
    const ada = await RoomClient.join(here.chat.url, "later", { name: "Ada" });
    for (let n = 1; n <= 60; n++) ada.send({ type: "say", id: `m${n}`, text: `${n}` });
    await ada.message("m60");

    // WHEN somebody joins
    const bob = await RoomClient.join(here.chat.url, "later", { name: "Bob" });

    // THEN the last 50 are in the welcome, oldest first
    expect(bob.welcome.messages.map(({ text }) => text)).toEqual(
      Array.from({ length: 50 }, (_, index) => `${index + 11}`),
    );
    expect(bob.welcome).toMatchObject({ room: "later", last: 60, you: { name: "Bob" }, count: 2 });
    await ada.close();
    await bob.close();
  });

  test("gives who comes back what was missed, more than a welcome holds, without doubles", async () => {
    // GIVEN somebody who left after one message, and 250 messages since
    const ada = await RoomClient.join(here.chat.url, "resume", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "resume", { name: "Bob" });
    await ada.say("first", "first");
    await bob.message("first");
    bob.vanish();
    const others = await Promise.all(
      ["a", "b", "c", "d", "e"].map(async (name) => {
        const other = await RoomClient.join(here.chat.url, "resume", { name });
        for (let n = 1; n <= 50; n++) other.send({ type: "say", id: `${name}${n}`, text: name });
        return other;
      }),
    );
    await ada.until(() => ada.messages.length === 251);

    // WHEN they come back
    const again = await bob.resume(here.chat.url, "resume", "Bob");
    await again.until(() => again.messages.length === 251);

    // THEN nothing is missing, and nothing came twice
    expect(again.messages).toEqual(ada.messages);
    const came = [
      ...again.welcome.messages,
      ...again.of("message").map(({ message }) => message),
    ].map(({ id }) => id);
    expect(came).toHaveLength(250);
    expect(again.welcome.you).toEqual(bob.welcome.you);
    for (const client of [ada, again, ...others]) await client.close();
  });

  test("starts over with a page that knows more than the room", async () => {
    // GIVEN a room with one message
    const ada = await RoomClient.join(here.chat.url, "wiped", { name: "Ada" });
    await ada.say("m1", "Hello");

    // WHEN a page resumes after the hundredth
    const bob = await RoomClient.join(here.chat.url, "wiped", { name: "Bob", after: 100 });

    // THEN it gets what there is
    expect(bob.welcome).toMatchObject({ last: 1, messages: [{ id: "m1" }] });
    await ada.close();
    await bob.close();
  });

  test("keeps a message once however often it is sent", async () => {
    // GIVEN a message
    const ada = await RoomClient.join(here.chat.url, "again", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "again", { name: "Bob" });
    const first = await ada.say("m1", "Hello");
    await bob.message("m1");

    // WHEN it is sent again, with other words even
    ada.send({ type: "say", id: "m1", text: "Something else" });
    await ada.until(() => ada.of("message").length === 2);
    await bob.say("m2", "after");

    // THEN who sent it has the receipt again, and nobody else hears of it
    expect(ada.of("message")[1]?.message).toEqual(first);
    expect(texts(bob)).toEqual(["Hello", "after"]);
    expect(bob.of("message")).toHaveLength(2);
    await ada.close();
    await bob.close();
  });

  test("refuses a message of an id that is somebody else's", async () => {
    // GIVEN Ada's message
    const ada = await RoomClient.join(here.chat.url, "taken", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "taken", { name: "Bob" });
    await ada.say("m1", "Hello");

    // WHEN Bob sends one of the same id
    bob.send({ type: "say", id: "m1", text: "Mine" });

    // THEN he is told so
    expect(await bob.next("error")).toMatchObject({ code: "id-taken", id: "m1" });
    await ada.close();
    await bob.close();
  });

  test("keeps its messages over a restart", async () => {
    // GIVEN a message
    const ada = await RoomClient.join(here.chat.url, "restart", { name: "Ada" });
    const message = await ada.say("m1", "Hello");
    ada.vanish();

    // WHEN everything is started anew
    await here.chat.restart();
    const again = await ada.resume(here.chat.url, "restart", "Ada");

    // THEN it is there, and numbers go on
    expect(again.messages).toEqual([message]);
    expect((await again.say("m2", "Still here")).seq).toBe(2);
    await again.close();
  });
});

describe("a frame that cannot be taken", () => {
  test.each([
    { is: "no JSON", frame: "hello", code: "not-json" },
    { is: "a list", frame: "[]", code: "not-json" },
    { is: "null", frame: "null", code: "not-json" },
    { is: "binary", frame: new Uint8Array([1, 2]), code: "not-text" },
    { is: "of another type", frame: { type: "shout", id: "x", text: "a" }, code: "unknown-type" },
    { is: "of no type", frame: { id: "x", text: "a" }, code: "unknown-type" },
    { is: "without an id", frame: { type: "say", text: "a" }, code: "invalid" },
    { is: "of an odd id", frame: { type: "say", id: "a.answer", text: "a" }, code: "invalid" },
    { is: "without text", frame: { type: "say", id: "x" }, code: "invalid" },
    { is: "blank", frame: { type: "say", id: "x", text: " \n" }, code: "invalid" },
    { is: "an empty question", frame: { type: "say", id: "x", text: "/ai" }, code: "invalid" },
    {
      is: "a message over the limit",
      frame: { type: "say", id: "x", text: "a".repeat(4_001) },
      code: "too-long",
    },
    { is: "a frame over the limit", frame: "a".repeat(32_001), code: "too-long" },
  ])("as it is $is gets an error frame, and the socket stays", async ({ frame, code }) => {
    // GIVEN somebody in a room
    const ada = await RoomClient.join(here.chat.url, "errors", { name: "Ada" });

    // WHEN they send it
    ada.send(frame);
    const error = await ada.next("error");

    // THEN they are told what is wrong with which frame, and can go on
    expect(error).toEqual({
      ...{ type: "error", code, message: expect.stringMatching(/^.{10,}\.$/) },
      ...((frame as { id?: string }).id === "x" && { id: "x" }),
    });
    const next = `after-${Math.random().toString(36).slice(2)}`;
    expect(await ada.say(next, "a".repeat(4_000))).toMatchObject({ id: next });
    await ada.close();
  });

  test("is any frame beyond thirty a second, until time has passed", async () => {
    // GIVEN somebody who sends 200 messages at once
    const ada = await RoomClient.join(here.chat.url, "flood", { name: "Ada" });
    for (let n = 1; n <= 200; n++) ada.send({ type: "say", id: `m${n}`, text: `${n}` });

    // WHEN all are answered
    await ada.until(() => ada.of("error").length + ada.of("message").length === 200);

    // THEN some were refused, by their ids, and sending those again brings them in
    const refused = ada.of("error");
    expect(refused.length).toBeGreaterThan(50);
    expect(refused.every(({ code, id }) => code === "rate-limited" && id)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await ada.say(refused[0]?.id ?? "", "again");
    await ada.close();
  });
});

test("ping is answered with pong", async () => {
  // GIVEN somebody in a room
  const ada = await RoomClient.join(here.chat.url, "ping", { name: "Ada" });

  // WHEN their page pings
  ada.send("ping");

  // THEN it hears back, and nothing was taken for a message
  await ada.until(() => ada.pongs === 1);
  expect(ada.frames.map(({ type }) => type)).not.toContain("error");
  await ada.close();
});
