import { describe, expect, test } from "@jest/globals";
import {
  appendToken,
  isRoomName,
  parseClientFrame,
  parseJoin,
  resumeAfter,
} from "../../../worker/chat/protocol.js";

describe("appendToken", () => {
  test.each([
    ["next", { offset: 3, text: "def" }, "abcdef"],
    ["first again", { offset: 0, text: "ab" }, "abc"],
    ["overlapping", { offset: 1, text: "bcde" }, "abcde"],
    ["too far", { offset: 4, text: "e" }, undefined],
  ])("takes the token that is %s", (_, token, expected) => {
    // GIVEN three letters
    // WHEN a token comes
    // THEN nothing is lost and nothing doubled
    expect(appendToken("abc", token)).toBe(expected);
  });
});

describe("resumeAfter", () => {
  test("is the last number when all is done, and before what still streams", () => {
    // GIVEN messages in any order
    const done = [3, 1, 2].map((seq) => ({ seq, state: "done" as const }));

    // WHEN a page comes back
    // THEN it asks for what may have changed as well
    expect(resumeAfter([])).toBe(0);
    expect(resumeAfter(done)).toBe(3);
    expect(resumeAfter([...done, { seq: 5, state: "streaming" }, { seq: 6, state: "done" }])).toBe(
      4,
    );
  });
});

describe("parseClientFrame", () => {
  test("trims a message and mends half a character", () => {
    // GIVEN text that no storage could keep as it is
    const frame = JSON.stringify({ type: "say", id: "a", text: " hi \ud83d " });

    // WHEN it is read
    // THEN what is left is text
    expect(parseClientFrame(frame)).toEqual({ type: "say", id: "a", text: "hi \ufffd" });
  });

  test.each([
    ["/ai why?", { type: "ask", text: "why?" }],
    ["/ai\nwhy?", { type: "ask", text: "why?" }],
    ["/aim high", { type: "say", text: "/aim high" }],
    ["so /ai", { type: "say", text: "so /ai" }],
  ])("takes %j for what it is", (text, expected) => {
    // GIVEN a message
    // WHEN it is read
    // THEN /ai as a word at its start makes it a question
    expect(parseClientFrame(JSON.stringify({ type: "say", id: "a", text }))).toEqual({
      ...{ id: "a" },
      ...expected,
    });
  });
});

describe("parseJoin", () => {
  test("makes one line of a name, and an id for who has none", () => {
    // GIVEN a name with breaks in it
    const join = parseJoin(new URLSearchParams({ name: " Ada\n\u202eLovelace " }));

    // WHEN it is read
    // THEN it cannot break the page it is shown on
    expect(join).toEqual({
      person: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Ada Lovelace",
      after: undefined,
    });
  });
});

test.each([
  ["tea", true],
  ["a".repeat(64), true],
  ["a".repeat(65), false],
  ["", false],
  ["Tea", false],
  ["tea\n", false],
])("whether %j names a room: %s", (name, expected) => {
  // GIVEN a name
  // WHEN it is checked
  // THEN only small letters, digits and hyphens pass
  expect(isRoomName(name)).toBe(expected);
});
