import { describe, expect, test } from "@jest/globals";
import { Worker, WorkerCron } from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const cron = (...crons: string[]) => {
  const stack = newStack();
  new WorkerCron(stack, "cron", { worker: "chat", crons });
  return stack;
};

describe("WorkerCron", () => {
  test("puts the whole list, and an empty one when it is removed", () => {
    expect(
      only(synth(cron("0 3 * * *", "*/5 * * * *")).resource?.restful_operation),
    ).toMatchInlineSnapshot(`
      {
        "body": [
          {
            "cron": "0 3 * * *",
          },
          {
            "cron": "*/5 * * * *",
          },
        ],
        "delete_body": [],
        "delete_method": "PUT",
        "method": "PUT",
        "output_attrs": [
          "success",
        ],
        "path": "/accounts/account/workers/scripts/chat/schedules",
      }
    `);
  });

  test.each([
    "* * * * *",
    "*/30 * * * *",
    "45 * * * *",
    "0 17 * * sun",
    "10 7 * * mon-fri",
    "10 7 * * 2-6",
    "0 15 1 * *",
    "0 18 * * 6L",
    "0 18 * * friL",
    "59 23 LW * *",
    "0 0 15W JAN,jul *",
    "0 0 L * 2#1",
    "0-10/2,30 8-18 * 1-6 *",
  ])("takes %s", (expression) => {
    expect(problemsOf(cron(expression))).toEqual([]);
  });

  test.each([
    ["0 0 * * * *", /five fields.*there is no field for seconds or years/],
    ["@daily", /five fields/],
    ["0  3 * * *", /one space between them/],
    ["60 * * * *", /"60" is no minute; allowed is 0 to 59/],
    ["* 24 * * *", /"24" is no hour/],
    ["* * 0 * *", /"0" is no day of month/],
    ["* * 32W * *", /"32W" is no day of month/],
    ["* * * 13 *", /"13" is no month/],
    ["* * * foo *", /"foo" is no month/],
    ["0 3 * * 0", /"0" is no day of week; allowed is 1 \(Sunday\) to 7 \(Saturday\)/],
    ["0 3 * * 2#6", /"2#6" is no day of week/],
    ["5-1 * * * *", /"5-1" is no minute/],
    ["*/0 * * * *", /"\*\/0" is no minute/],
    ["1,,2 * * * *", /"" is no minute/],
    ["L * * * *", /"L" is no minute/],
    ["1-2-3 * * * *", /"1-2-3" is no minute/],
    ["*/5/5 * * * *", /is no minute/],
    [5 as never, /five fields/],
  ])("refuses %j and says what is allowed", (expression, message) => {
    const problems = problemsOf(cron(expression));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^\[chat\/cron\] crons: got /);
    expect(problems[0]).toMatch(message);
  });

  test("refuses an empty list and an expression that is there twice", () => {
    expect(problemsOf(cron())).toEqual([expect.stringContaining("crons: got an empty array")]);
    expect(problemsOf(cron("0 3 * * *", "0 3 * * *"))).toEqual([
      expect.stringContaining('got "0 3 * * *" twice'),
    ]);
  });

  test("refuses a second list for the same Worker, which would overwrite the first", () => {
    // GIVEN
    const stack = newStack();
    const worker = new Worker(stack, "worker", { bundle: newBundle() });
    const other = new Worker(stack, "other", { bundle: newBundle() });
    new WorkerCron(stack, "one", { worker, crons: ["0 3 * * *"] });
    new WorkerCron(stack, "other-cron", {
      worker: other,
      crons: ["0 3 * * *"],
    });

    // WHEN
    new WorkerCron(stack, "two", { worker, crons: ["0 4 * * *"] });

    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(
        /^\[chat\/two\] crons: this Worker has a WorkerCron already, chat\/one/,
      ),
    ]);
  });
});
