import { describe, expect, test } from "@jest/globals";
import { isRoomName, limits, RoomLog, toRoomName } from "../../../app/assets/room-log.js";
import * as protocol from "../../../worker/chat/protocol.js";
import { message } from "./fake-room.js";

/** The page is plain JavaScript and repeats some rules of the protocol: they must be the same. */
describe("the page's copy of the protocol", () => {
  test("has the same limits", () => {
    expect(protocol.limits).toMatchObject(limits);
  });

  test.each(["kitchen", "a-1", "", "Kitchen", "a b", "a".repeat(64), "a".repeat(65), "ü"])(
    "judges the room name %j alike",
    (name) => expect(isRoomName(name)).toBe(protocol.isRoomName(name)),
  );

  test.each([
    ["", 0, "Hel"],
    ["Hel", 3, "lo"],
    ["Hel", 1, "ello"],
    ["Hello", 1, "el"],
    ["Hel", 5, "x"],
    ["Hel", 3, ""],
  ])("adds to %j from %i on %j alike", (text, offset, added) => {
    const log = new RoomLog();
    log.put(message(1, { text, state: "streaming" }));
    const result = log.append({ id: "m-1", offset, text: added });
    const expected = protocol.appendToken(text, { offset, text: added });
    expect(result === undefined ? undefined : log.get("m-1")?.text).toBe(expected);
  });

  test.each([
    [[]],
    [[message(1), message(4)]],
    [[message(4), message(2, { state: "streaming" }), message(3, { state: "streaming" })]],
    [[message(3, { state: "failed" })]],
  ])("resumes alike: %#", (messages) => {
    const log = new RoomLog();
    for (const one of messages) log.put(one);
    expect(log.resumeAfter).toBe(protocol.resumeAfter(messages));
  });
});

test.each([
  ["Küche 1", "kuche-1"],
  ["  The  Lobby! ", "the-lobby"],
  ["!!", ""],
  [`${"a".repeat(63)} b`, "a".repeat(63)],
])("makes a room's name of %j: %j", (typed, name) => {
  expect(toRoomName(typed)).toBe(name);
});
