import { describe, expect, test } from "@jest/globals";
import { timing } from "../../../app/assets/room-connection.js";
import type { RoomMessage } from "../../../worker/chat/protocol.js";
import { FakeRoom, message } from "./fake-room.js";

describe("what was said before", () => {
  test("is asked for from the oldest message of the welcome, wherever the page came back", () => {
    // GIVEN a page that has the messages from 51 on
    const room = new FakeRoom();
    expect(room.client.oldest).toBeUndefined();
    room.welcome([message(51), message(52)]);
    expect(room.client.oldest).toBe(51);

    // WHEN it comes back and hears of another one
    room.break();
    room.pass(timing.firstRetry);
    room.welcome([message(53)]);
    expect(room.client.oldest).toBe(51);

    // THEN earlier ones go before that, until there are none
    room.client.addEarlier({ messages: [message(49), message(50)], earlier: true });
    expect(room.client.oldest).toBe(49);
    room.client.addEarlier({ messages: [message(2)], earlier: false });
    expect(room.client.oldest).toBe(1);
    expect(room.told("message").map(([said, live]) => [(said as RoomMessage).seq, live])).toEqual(
      [51, 52, 53, 49, 50, 2].map((seq) => [seq, false]),
    );
  });

  test("does not replace what the page has heard since", () => {
    // GIVEN an answer whose end came while earlier messages were on their way
    const room = new FakeRoom();
    const answer = message(4, { kind: "answer", state: "streaming" });
    room.welcome([answer, message(5)]);
    room.socket.hear({ type: "answered", message: { ...answer, state: "done" } });

    // WHEN they arrive with the answer as it was
    room.client.addEarlier({ messages: [message(3), answer], earlier: false });

    // THEN the end stays
    expect(room.told("message").at(-1)).toEqual([message(3), false]);
  });

  test("may still be streaming: then it is not missed, and its end is not shown out of place", () => {
    // GIVEN a page that has the messages from 51 on
    const room = new FakeRoom();
    room.welcome([message(51)]);

    // WHEN an answer goes on and ends that is older
    const answer = message(7, { kind: "answer" });
    room.socket.hear({ type: "token", id: answer.id, offset: 100, text: "and" });
    room.socket.hear({ type: "answered", message: answer });

    // THEN the page stays connected, and shows it with what was said around it only
    expect(room.sockets).toHaveLength(1);
    expect(room.told("connection").at(-1)).toEqual(["open", 0]);
    expect(room.told("message")).toHaveLength(1);
    room.client.addEarlier({ messages: [answer], earlier: false });
    expect(room.told("message").at(-1)).toEqual([answer, false]);
  });

  test("is forgotten with a room that starts over", () => {
    const room = new FakeRoom();
    room.welcome([message(51)]);
    room.break();
    room.pass(timing.firstRetry);
    room.welcome([], 2);
    expect(room.client.oldest).toBeUndefined();
    room.welcome([message(1), message(2)]);
    expect(room.client.oldest).toBe(1);
  });
});
