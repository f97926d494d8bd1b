import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { HistoryPage } from "../../../worker/chat/protocol.js";
import { type GatewayStub, startGatewayStub } from "../gateway-stub.js";
import { RoomClient } from "./room-client.js";
import { type RunningChat, startChat } from "./start-chat.js";

let gateway: GatewayStub;
let chat: RunningChat;
let ada: RoomClient;
beforeAll(async () => {
  gateway = await startGatewayStub();
  chat = await startChat({ gateway: gateway.address });
  // GIVEN a room with 60 messages
  ada = await RoomClient.join(chat.url, "long", { name: "Ada" });
  for (let n = 1; n <= 60; n++) ada.send({ type: "say", id: `m${n}`, text: `${n}` });
  await ada.message("m60");
}, 30_000);
afterAll(async () => {
  await ada.close();
  await chat.close();
  await gateway.close();
});

const read = async (query: string, room = "long") => {
  const response = await fetch(new URL(`/rooms/${room}/messages${query}`, chat.url));
  return { status: response.status, body: await response.json() } as const;
};

test.each([
  ["", 11, 60, true],
  ["?limit=200", 1, 60, false],
  ["?limit=60", 1, 60, false],
  ["?limit=1", 60, 60, true],
  ["?before=11", 1, 10, false],
  ["?before=11&limit=4", 7, 10, true],
  ["?before=2&limit=1", 1, 1, false],
  ["?before=999999999999999&limit=2", 59, 60, true],
])(
  "%j gives the messages from %i to %i, oldest first, and whether more came before: %j",
  async (query, from, to, earlier) => {
    // WHEN a part of it is asked for
    const { status, body } = await read(query);

    // THEN it is what people in the room have
    expect(status).toBe(200);
    expect(body).toEqual({ messages: ada.messages.slice(from - 1, to), earlier });
  },
);

test.each([
  ["before the first message", "?before=1", "long"],
  ["of a room where nothing was said", "", "silent"],
])("there is nothing %s", async (_, query, room) => {
  expect(await read(query, room)).toEqual({ status: 200, body: { messages: [], earlier: false } });
});

test.each([
  ["?before=0", "before"],
  ["?before=", "before"],
  ["?before=-1", "before"],
  ["?before=1.5", "before"],
  ["?before=1234567890123456", "before"],
  ["?limit=0", "limit"],
  ["?limit=", "limit"],
  ["?limit=201", "limit"],
  ["?limit=ten", "limit"],
])("%j is refused with what is allowed", async (query, field) => {
  const { status, body } = await read(query);
  expect(status).toBe(400);
  expect((body as { error: string }).error).toMatch(
    new RegExp(`^"${field}" must be a whole number from 1.*\\.$`),
  );
});

test("a name that no room can have is refused", async () => {
  expect(await read("", "No%20Room")).toMatchObject({ status: 400 });
});

test("an answer that still streams is given as far as it came", async () => {
  // GIVEN an answer of which everybody in the room has heard the first word
  let end = () => {};
  gateway.answer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"response":"One "}\n\n');
    end = () => response.end('data: {"response":"two"}\n\ndata: [DONE]\n\n');
  });
  const bob = await RoomClient.join(chat.url, "stream", { name: "Bob" });
  bob.send({ type: "ask", id: "q", text: "Count" });
  await bob.next("token");

  // WHEN the messages are read
  const { messages } = (await read("", "stream")).body as HistoryPage;

  // THEN the word is there
  expect(messages.at(-1)).toMatchObject({ id: "q.answer", state: "streaming", text: "One " });
  end();
  expect(await bob.answered("q.answer")).toMatchObject({ text: "One two", state: "done" });
  await bob.close();
});
