import { describe, expect, test } from "@jest/globals";
import { parseRuntimeLine } from "../../../emulator/workerd/runtime/runtime-output.js";

/** As workerd writes it: with the place in its sources. */
const ownLine = (message: string) =>
  JSON.stringify({ timestamp: "1", level: "warning", source: "workerd/io/a.c++:1", message });
const workerLine = (message: string) => JSON.stringify({ timestamp: 1, level: "log", message });

describe("a line of workerd", () => {
  test.each([
    ["with its source", ownLine],
    ["as plain text", (message: string) => `workerd/io/a.c++:1: warning: ${message}`],
  ])("that is its own bookkeeping is left out: %s", (_, render) => {
    const message =
      "NOSENTRY SQLite alarm handler canceled with requestScheduledAlarm; actorId = a";
    expect(parseRuntimeLine(render(message))).toBeUndefined();
  });

  test("that tells of a failure stays", () => {
    expect(parseRuntimeLine(ownLine("Uncaught exception: Error: broken"))).toEqual({
      level: "warning",
      text: "Uncaught exception: Error: broken",
    });
  });

  test("that a Worker wrote stays, whatever its words", () => {
    expect(parseRuntimeLine(workerLine("NOSENTRY is a word"))).toEqual({
      level: "log",
      text: "NOSENTRY is a word",
    });
  });
});
