import { describe, expect, test } from "@jest/globals";
import { timing } from "../../../app/assets/room-client.js";
import type { RoomMessage } from "../../../worker/chat/protocol.js";
import { FakeRoom, message } from "./fake-room.js";

describe("joining and coming back", () => {
  test("asks for the latest messages first, then for what came after the last one", () => {
    // GIVEN a page that joined
    const room = new FakeRoom();
    expect(room.socket.address).toBe("room?after=undefined");
    room.welcome([message(1), message(2)]);
    room.socket.hear({ type: "message", message: message(3) });

    // WHEN the connection breaks and is opened again
    room.break();
    room.pass(timing.firstRetry);

    // THEN it goes on after the third message
    expect(room.socket.address).toBe("room?after=3");
  });

  test("goes back before an answer that still streamed", () => {
    // GIVEN an answer in the middle of its stream, and a message after it
    const room = new FakeRoom();
    room.welcome([message(1), message(2, { kind: "answer", state: "streaming" }), message(3)]);

    // WHEN the connection breaks
    room.break();
    room.pass(timing.firstRetry);

    // THEN the answer is asked for again
    expect(room.socket.address).toBe("room?after=1");
  });

  test("asks for everything since an empty room", () => {
    const room = new FakeRoom();
    room.welcome();
    room.break();
    room.pass(timing.firstRetry);
    expect(room.socket.address).toBe("room?after=0");
  });

  test("starts over in a room that has forgotten its messages", () => {
    // GIVEN a page with five messages
    const room = new FakeRoom();
    room.welcome([message(5)]);

    // WHEN the room it comes back to has only two
    room.break();
    room.pass(timing.firstRetry);
    const stale = room.socket;
    room.welcome([], 2);

    // THEN the old ones go, and it joins like somebody new
    expect(room.told("cleared")).toHaveLength(1);
    expect(stale.isClosed).toBe(true);
    expect(room.socket.address).toBe("room?after=undefined");
  });

  test("waits twice as long each time, up to half a minute, with a spread", () => {
    const room = new FakeRoom();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const before = room.sockets.length;
      room.break();
      let waited = 0;
      while (room.sockets.length === before) {
        room.pass(250);
        waited += 250;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);

    room.random = 0;
    const before = room.sockets.length;
    room.break();
    room.pass(15_000);
    expect(room.sockets).toHaveLength(before + 1);
  });

  test("keeps slowing down when the room opens and closes at once, and forgives after a while", () => {
    // GIVEN a room that breaks each connection right after its welcome
    const room = new FakeRoom();
    for (const wait of [500, 1_000, 2_000]) {
      room.welcome();
      room.break();
      room.pass(wait - 1);
      const before = room.sockets.length;
      room.pass(1);
      expect(room.sockets).toHaveLength(before + 1);
    }

    // WHEN one holds
    room.welcome();
    room.pass(timing.stable);
    room.break();
    room.pass(timing.firstRetry);

    // THEN the next attempt is quick again
    expect(room.sockets).toHaveLength(5);
  });

  test("pings a silent room and leaves it when nothing comes back", () => {
    const room = new FakeRoom();
    room.welcome();
    room.pass(timing.idle);
    expect(room.socket.sent).toEqual(["ping"]);
    room.socket.hear("pong");
    room.pass(timing.idle);
    expect(room.socket.sent).toEqual(["ping", "ping"]);
    expect(room.sockets).toHaveLength(1);

    const dead = room.socket;
    room.pass(timing.pong);
    expect(dead.isClosed).toBe(true);
    expect(room.told("connection").at(-1)).toEqual(["reconnecting", 1]);
  });

  test("does not wait any longer when the network or the person is back", () => {
    const room = new FakeRoom();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      room.break();
      if (attempt < 5) room.pass(timing.longestRetry);
    }
    const before = room.sockets.length;
    room.client.wake();
    expect(room.sockets).toHaveLength(before + 1);
    // AND the attempt that was planned does not come on top
    room.welcome();
    room.pass(timing.idle - 1);
    expect(room.sockets).toHaveLength(before + 1);
  });

  test("hears nothing of a socket it has left", () => {
    const room = new FakeRoom();
    room.welcome();
    const old = room.socket;
    room.break();
    room.pass(timing.firstRetry);
    old.hear({ type: "message", message: message(1) });
    old.onclose?.();
    expect(room.told("message")).toEqual([]);
    room.welcome();
    expect(room.told("connection").at(-1)).toEqual(["open", 0]);
  });
});

describe("answers", () => {
  const answer = message(1, { kind: "answer", state: "streaming", text: "" });

  test("adds each part of an answer once", () => {
    const room = new FakeRoom();
    room.welcome([answer]);
    const token = (offset: number, text: string) =>
      room.socket.hear({ type: "token", id: answer.id, offset, text });
    token(0, "Hel");
    token(0, "Hel");
    token(1, "ello");
    expect(room.told("token")).toEqual([
      [answer.id, "Hel"],
      [answer.id, "lo"],
    ]);
  });

  test("reconnects when a part is missing", () => {
    const room = new FakeRoom();
    room.welcome([answer]);
    room.socket.hear({ type: "token", id: answer.id, offset: 3, text: "lo" });
    expect(room.told("connection").at(-1)).toEqual(["reconnecting", 1]);
    room.pass(timing.firstRetry);
    expect(room.socket.address).toBe("room?after=0");
  });
});

describe("the outbox", () => {
  test("sends the next message after the receipt of the one before", () => {
    const room = new FakeRoom();
    room.welcome();
    room.client.say("one");
    room.client.ask("two");
    expect(room.socket.frames).toEqual([{ type: "say", id: "id-1", text: "one" }]);
    room.socket.hear({ type: "message", message: message(1, { id: "id-1" }) });
    expect(room.socket.frames).toHaveLength(2);
    expect(room.stored).toEqual([{ type: "ask", id: "id-2", text: "two" }]);
  });

  test("sends what was not confirmed again, in order and under its id, and nothing that was", () => {
    // GIVEN three messages, of which the room has the first without the page knowing
    const room = new FakeRoom();
    room.welcome();
    for (const text of ["one", "two", "three"]) room.client.say(text);
    room.break();
    room.pass(timing.firstRetry);

    // WHEN the room tells so
    room.welcome([message(1, { id: "id-1" })]);
    room.socket.hear({ type: "message", message: message(2, { id: "id-2" }) });

    // THEN the others follow
    expect(room.socket.frames.map(({ id }) => id)).toEqual(["id-2", "id-3"]);
  });

  test("goes on with what a reload left", () => {
    const room = new FakeRoom([{ type: "say", id: "kept", text: "Hi" }]);
    expect(room.told("pending")).toHaveLength(1);
    room.welcome();
    expect(room.socket.frames).toEqual([{ type: "say", id: "kept", text: "Hi" }]);
  });

  test("reconnects when a receipt does not come", () => {
    const room = new FakeRoom();
    room.welcome();
    room.client.say("Hi");
    room.pass(timing.answer);
    expect(room.told("connection").at(-1)).toEqual(["reconnecting", 1]);
  });

  test("sends again what came too fast, before anything after it", () => {
    const room = new FakeRoom();
    room.welcome();
    room.client.say("one");
    room.client.say("two");
    room.socket.hear({ type: "error", code: "rate-limited", message: "Slow.", id: "id-1" });
    expect(room.socket.frames).toHaveLength(1);
    room.pass(timing.again);
    expect(room.socket.frames.map(({ id }) => id)).toEqual(["id-1", "id-1"]);
    expect(room.told("rejected")).toEqual([]);
  });

  test("gives up on a message that fails again and again", () => {
    const room = new FakeRoom();
    room.welcome();
    room.client.say("Hi");
    for (let attempt = 0; attempt < 6; attempt += 1) {
      room.socket.hear({ type: "error", code: "failed", message: "Broken.", id: "id-1" });
      room.pass(timing.again * (attempt + 1));
    }
    expect(room.told("rejected")).toHaveLength(1);
    expect(room.stored).toEqual([]);
  });

  test.each([{ id: "id-1" }, {}])("gives a refused message back and sends the next: %o", (id) => {
    const room = new FakeRoom();
    room.welcome();
    room.client.ask("one");
    room.client.say("two");
    const error = { type: "error", code: "busy", message: "Later.", ...id } as const;
    room.socket.hear(error);
    expect(room.told("rejected")).toEqual([[{ type: "ask", id: "id-1", text: "one" }, error]]);
    expect(room.socket.frames.map(({ id }) => id)).toEqual(["id-1", "id-2"]);
  });

  test("tells an error that belongs to no message", () => {
    const room = new FakeRoom();
    room.welcome();
    room.socket.hear({ type: "error", code: "failed", message: "Broken." });
    expect(room.told("error")).toHaveLength(1);
  });
});

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
