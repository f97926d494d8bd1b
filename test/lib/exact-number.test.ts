import { describe, expect, test } from "@jest/globals";
import { checkExactNumber } from "../../lib/exact-number.js";

describe("a number that is read back", () => {
  test.each([0, 1, -3, 0.5, 12.25, 1000.25, 0.0078125, 1e21, 2 ** 53, 2 ** -20])(
    "may be %p",
    (value) => {
      expect(checkExactNumber("limit", value)).toBeUndefined();
    },
  );

  test.each([0.1, 99.99, 1e-7, 0.3, 10.99, 1.01, 1 / 3, 2 ** -40])("cannot be %p", (value) => {
    expect(checkExactNumber("limit", value)).toContain(`limit: got ${value}, which is never read`);
  });

  test("has near ones offered that are allowed", () => {
    expect(checkExactNumber("limit", 0.1)).toMatch(/such as 0\.0625 or 0\.125\.$/);
    expect(checkExactNumber("limit", 0.001)).toMatch(/such as 0\.0625\.$/);
  });

  test("is not looked for in what is none", () => {
    for (const value of ["0.1", undefined, null, Number.NaN, [0.1]]) {
      expect(checkExactNumber("limit", value)).toBeUndefined();
    }
  });
});
