import { describe, expect, test } from "@jest/globals";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

const inside = async (room: string, init?: RequestInit) => {
  const response = await fetch(new URL(`/wakes/${room}`, here.chat.url), init);
  return (await response.json()) as { attachments: object[]; stored: string };
};

describe("the id a person joins with", () => {
  test("is theirs alone: nobody is told it, and the room does not keep it", async () => {
    // GIVEN two people who talk, one after the other came back
    const ada = await RoomClient.join(here.chat.url, "secret", {
      name: "Ada",
      person: "private-a",
    });
    const bob = await RoomClient.join(here.chat.url, "secret", {
      name: "Bob",
      person: "private-b",
    });
    await ada.say("m1", "Hello");
    await bob.message("m1");
    const again = await bob.resume(here.chat.url, "secret", "Bob");

    // WHEN all that the room said and stores is read
    const page = await fetch(new URL("/rooms/secret/messages", here.chat.url));
    const told = JSON.stringify([ada.frames, bob.frames, again.frames, await page.text()]);

    // THEN neither id is in it
    expect(`${told}${JSON.stringify(await inside("secret"))}`).not.toMatch(/private-[ab]/);
    // AND everybody still knows whose message it is
    expect(bob.messages).toMatchObject([{ person: ada.welcome.you.id }]);
    expect(again.welcome.you).toEqual(bob.welcome.you);
    expect(again.welcome.you.id).not.toBe(ada.welcome.you.id);
    for (const client of [ada, bob, again]) await client.close();
  });

  test("cannot be replaced by what the room calls a person", async () => {
    // GIVEN what everybody knows of Ada
    const ada = await RoomClient.join(here.chat.url, "taken", { name: "Ada" });
    const { id } = ada.welcome.you;

    // WHEN somebody joins with it
    const join = RoomClient.join(here.chat.url, "taken", { name: "Ada", person: id });

    // THEN they are refused
    await expect(join).rejects.toThrow("400");
    await ada.close();
  });

  test("makes another public id in every room", async () => {
    // GIVEN one person
    // WHEN they join two rooms
    const one = await RoomClient.join(here.chat.url, "here", { name: "Ada", person: "a" });
    const other = await RoomClient.join(here.chat.url, "there", { name: "Ada", person: "a" });

    // THEN who is in both cannot tell by the id
    expect(one.welcome.you.id).not.toBe(other.welcome.you.id);
    await one.close();
    await other.close();
  });

  test("is taken out of a room that was stored with it", async () => {
    // GIVEN messages stored by the version that kept private ids
    const ada = await RoomClient.join(here.chat.url, "stored", {
      name: "Ada",
      person: "private-a",
    });
    const bob = await RoomClient.join(here.chat.url, "stored", {
      name: "Bob",
      person: "private-b",
    });
    await ada.say("m1", "Mine");
    await bob.say("m2", "His");
    await ada.message("m2");
    ada.vanish();
    bob.vanish();
    const body = JSON.stringify({ Ada: "private-a", Bob: "private-b" });
    const before = await inside("stored", { method: "PUT", body });
    expect(before.stored).toMatch(/private-a.*private-b/);

    // WHEN this version finds them
    await here.chat.restart();
    const again = await RoomClient.join(here.chat.url, "stored", {
      name: "Ada",
      person: "private-a",
    });

    // THEN they are whose they were, under public ids alone
    expect(again.welcome.messages).toEqual(ada.messages);
    expect((await inside("stored")).stored).not.toContain("private-");
    // AND ids stay with those who gave them
    again.send({ type: "say", id: "m2", text: "Mine too" });
    expect(await again.next("error")).toMatchObject({ code: "id-taken", id: "m2" });
    again.send({ type: "say", id: "m1", text: "Mine" });
    expect(await again.next("message")).toMatchObject({ message: { id: "m1", seq: 1 } });
    await again.close();
  });
});

describe("people", () => {
  test("are two when they have the same name", async () => {
    // GIVEN two people called Ada
    const one = await RoomClient.join(here.chat.url, "namesakes", { name: "Ada" });
    const other = await RoomClient.join(here.chat.url, "namesakes", { name: "Ada" });

    // WHEN one says something
    await one.say("m1", "It is me");
    const message = await other.message("m1");

    // THEN both are there, and it is hers alone
    expect(other.welcome.count).toBe(2);
    expect(message.person).toBe(one.welcome.you.id);
    expect(message.person).not.toBe(other.welcome.you.id);
    await one.close();
    await other.close();
  });

  test("are there once however many tabs they have, until the last one is closed", async () => {
    // GIVEN Ada in two tabs, and Bob
    const bob = await RoomClient.join(here.chat.url, "tabs", { name: "Bob" });
    const first = await RoomClient.join(here.chat.url, "tabs", { name: "Ada", person: "a" });
    const second = await RoomClient.join(here.chat.url, "tabs", { name: "Ada", person: "a" });
    await bob.next("people", ({ count }) => count === 2);

    // WHEN she speaks in one
    await first.say("m1", "From here");
    const message = await second.message("m1");

    // THEN it is hers in the other as well, which may even send it again
    expect(second.welcome).toMatchObject({ count: 2, you: { id: message.person } });
    second.send({ type: "say", id: "m1", text: "From here" });
    await second.until(() => second.of("message").length === 2);
    // AND she is there until the second tab is closed, too
    await first.close();
    const eve = await RoomClient.join(here.chat.url, "tabs", { name: "Eve" });
    expect(eve.welcome.people.map(({ name }) => name)).toEqual(["Bob", "Ada", "Eve"]);
    await second.close();
    await bob.next("people", ({ people }) => people.map(({ name }) => name).join() === "Bob,Eve");
    await bob.close();
    await eve.close();
  });

  test("have their new name everywhere, and their old one under what they said before", async () => {
    // GIVEN Ada, who has said something
    const first = await RoomClient.join(here.chat.url, "renamed", { name: "Ada", person: "a" });
    await first.say("m1", "Before");

    // WHEN she comes with another name in a second tab
    const second = await RoomClient.join(here.chat.url, "renamed", { name: "Ada L.", person: "a" });
    await first.next("people", ({ people }) => people[0]?.name === "Ada L.");
    await second.close();

    // THEN the first tab speaks with it as well, also when the second is gone
    await first.say("m2", "After");
    const bob = await RoomClient.join(here.chat.url, "renamed", { name: "Bob" });
    expect(bob.welcome.people.map(({ name }) => name)).toEqual(["Ada L.", "Bob"]);
    const person = first.welcome.you.id;
    expect(bob.welcome.messages).toMatchObject([
      { author: "Ada", text: "Before", person },
      { author: "Ada L.", text: "After", person },
    ]);
    await first.close();
    await bob.close();
  });
});
