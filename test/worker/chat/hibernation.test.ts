import { expect, test } from "@jest/globals";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

const look = async (room: string) => {
  const response = await fetch(new URL(`/wakes/${room}`, here.chat.url));
  return (await response.json()) as { wakes: number; attachments: object[] };
};

test("a room hibernates with its sockets open, and goes on where it was", async () => {
  // GIVEN two people who have talked, and who they are as the room has it
  const ada = await RoomClient.join(here.chat.url, "sleepy", { name: "Ada", person: "a" });
  const bob = await RoomClient.join(here.chat.url, "sleepy", { name: "Bob", person: "b" });
  await ada.say("m1", "Good night");
  await bob.message("m1");
  const { wakes, attachments } = await look("sleepy");
  expect(wakes).toBe(1);

  // WHEN nothing happens for longer than the runtime keeps an idle object, but for a ping, which
  // does not wake it
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  ada.send("ping");
  await ada.until(() => ada.pongs === 1);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  bob.send({ type: "say", id: "m2", text: "Good morning" });
  const message = await ada.message("m2");

  // THEN the room was made anew and knew who spoke, on the same sockets
  expect(message).toMatchObject({ seq: 2, author: "Bob", text: "Good morning" });
  expect(await look("sleepy")).toMatchObject({ wakes: 2, attachments });
  for (const client of [ada, bob]) {
    expect(client.isOpen).toBe(true);
    expect(client.messages.map(({ id }) => id)).toEqual(["m1", "m2"]);
  }
  // AND who comes now sees both
  const eve = await RoomClient.join(here.chat.url, "sleepy", { name: "Eve" });
  expect(eve.welcome.people.map(({ name }) => name)).toEqual(["Ada", "Bob", "Eve"]);
  for (const client of [ada, bob, eve]) await client.close();
}, 40_000);
