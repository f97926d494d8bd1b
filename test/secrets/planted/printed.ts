import { expect, test } from "@jest/globals";
import { canary } from "../canary.js";

/** Not a test of the run: it prints secrets in each way there is, for leaks.test.ts to see them found. */
test("the console, and the streams themselves", () => {
  console.log(canary("one on the console"));
  process.stdout.write(`${canary("one on stdout")}\n`);
  process.stderr.write(`${canary("one on stderr")}\n`);
});

test("a failure", () => {
  const message = `No: ${canary("one in a failure")}`;
  expect(message).toBe("No:");
});
