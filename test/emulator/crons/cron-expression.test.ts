import { describe, expect, test } from "@jest/globals";
import { CronExpression, CronExpressionError } from "../../../emulator/crons/cron-expression.js";

// A Sunday.
const start = Date.UTC(2026, 10, 22, 20, 0);
const next = (expression: string, after = start) => {
  const time = new CronExpression(expression).next(after);
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
};

describe("the next time of a cron expression", () => {
  test.each([
    // The examples of Cloudflare's documentation.
    ["* * * * *", "2026-11-22T20:01"],
    ["*/30 * * * *", "2026-11-22T20:30"],
    ["45 * * * *", "2026-11-22T20:45"],
    ["0 17 * * sun", "2026-11-29T17:00"],
    ["0 17 * * 1", "2026-11-29T17:00"],
    ["10 7 * * mon-fri", "2026-11-23T07:10"],
    ["10 7 * * 2-6", "2026-11-23T07:10"],
    ["0 15 1 * *", "2026-12-01T15:00"],
    ["0 18 * * 6L", "2026-11-27T18:00"],
    ["0 18 * * friL", "2026-11-27T18:00"],
    ["59 23 LW * *", "2026-11-30T23:59"],
    // What makes its weekdays, ranges and steps its own.
    ["0 0 * * 7", "2026-11-28T00:00"],
    ["0 0 * * L", "2026-11-28T00:00"],
    ["0 0 * * SAT", "2026-11-28T00:00"],
    ["0 10 * * MON#2", "2026-12-14T10:00"],
    ["0 0 L * *", "2026-11-30T00:00"],
    ["0 0 15W * *", "2026-12-15T00:00"],
    ["0 22-2 * * *", "2026-11-22T22:00"],
    ["7/20 * * * *", "2026-11-22T20:07"],
    ["0 0 29 2 *", "2028-02-29T00:00"],
    // Either day is enough.
    ["0 0 25 * mon", "2026-11-23T00:00"],
  ])("%s is %s", (expression, expected) => {
    expect(next(expression)).toBe(expected);
  });

  test("wraps a range over midnight", () => {
    expect(next("0 22-2 * * *", Date.UTC(2026, 10, 23, 1, 30))).toBe("2026-11-23T02:00");
    expect(next("0 22-2 * * *", Date.UTC(2026, 10, 23, 2, 0))).toBe("2026-11-23T22:00");
  });

  test("does not exist for the 30th of February", () => {
    expect(next("0 0 30 2 *")).toBeUndefined();
  });
});

describe("an expression Cloudflare refuses", () => {
  test.each([
    "* * * *",
    "* * * * * *",
    "@daily",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 13 *",
    "0 22 * * 0",
    "* * * * 8",
    "*/0 * * * *",
    "*/60 * * * *",
    "1-2-3 * * * *",
    "a * * * *",
    "-1 * * * *",
    "0 0 ? * *",
    "0 0 32W * *",
    "0 0 * * 6#6",
    "",
  ])('"%s"', (expression) => {
    expect(() => new CronExpression(expression)).toThrow(CronExpressionError);
  });

  test("is told what is allowed in its place", () => {
    expect(() => new CronExpression("0 22 * * 0")).toThrow(
      '"0" is no weekday: allowed are 1 to 7, sun, mon, tue, wed, thu, fri, sat, ranges (a-b), steps (a/n), lists and *.',
    );
  });
});

test("days counted from the end of the month are legal, and said not to be emulated", () => {
  expect(() => new CronExpression("0 0 L-3 * *")).toThrow(
    expect.objectContaining({ legal: true, message: expect.stringContaining("Not emulated") }),
  );
});
