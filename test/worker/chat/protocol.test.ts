import { describe, expect, test } from "@jest/globals";
import { appendToken, isRoomName, resumeAfter } from "../../../worker/chat/protocol.js";

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
