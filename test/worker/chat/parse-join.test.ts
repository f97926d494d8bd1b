import { describe, expect, test } from "@jest/globals";
import { parseJoin } from "../../../worker/chat/parse-join.js";

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
