import { describe, expect, test } from "@jest/globals";
import { timing } from "../../../app/assets/room-connection.js";
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
