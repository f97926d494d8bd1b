import { describe, expect, test } from "@jest/globals";
import { timing } from "../../../app/assets/room-connection.js";
import { FakeRoom, message } from "./fake-room.js";

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
