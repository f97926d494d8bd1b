import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Code, Expression, renderCode } from "../../../lib/import/code.js";
import { evaluate } from "./evaluate.js";

describe("a value as code", () => {
  test("is what it was, whatever is in it", () => {
    const odd = fc.constantFrom(
      `$${"{a}"}`,
      "`",
      "\\",
      "'",
      '"',
      "\n",
      "\u2028",
      "*/",
      "\\u{1}",
      "__proto__",
    );
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(odd).map((parts) => parts.join("")),
    );
    const value = fc.letrec<{ value: Code }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(text, tie("value"), { maxKeys: 4 }),
      ),
    })).value;

    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 90 }), (given, column) => {
        const again = evaluate(renderCode(given, 0, column));
        expect(JSON.stringify(again)).toBe(JSON.stringify(given));
      }),
      { numRuns: 500 },
    );
  });

  test.each<[Code, string]>([
    [{ a: 1, "b-c": [true, null], d: undefined }, '{ a: 1, "b-c": [true, null] }'],
    [{ gateway: new Expression("gateway") }, "{ gateway }"],
    [{ 10: "x", "33.3": "y" }, '{ 10: "x", "33.3": "y" }'],
    [[9999, 10_000, -1_234_567, 0.12345], "[9999, 10_000, -1_234_567, 0.12345]"],
    ['say "hi"', "'say \"hi\"'"],
    ['it\'s "x"', '"it\'s \\"x\\""'],
    [`one\ntwo \`$${"{x}"}\``, `\`one\ntwo \\\`\\$${"{x}"}\\\`\``],
    [{}, "{}"],
    [[], "[]"],
  ])("of %j is %s", (value, expected) => {
    expect(renderCode(value)).toBe(expected);
  });

  test("has a line for each member where one line is too long", () => {
    const long = "x".repeat(60);

    expect(renderCode({ first: long, second: { third: [long, long] } }, 2)).toBe(
      `{\n    first: "${long}",\n    second: {\n      third: [\n        "${long}",\n        "${long}",\n      ],\n    },\n  }`,
    );
  });
});
