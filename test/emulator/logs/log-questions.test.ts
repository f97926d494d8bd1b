import { beforeEach, describe, expect, test } from "@jest/globals";
import type { LogFilter } from "../../../emulator/logs/log-entry.js";
import { OpenedLog } from "./opened-log.js";

const log = new OpenedLog();

describe("GIVEN a question to the log", () => {
  beforeEach(() => {
    log.append("a", {
      created_at: "2026-01-01T00:00:01.000Z",
      provider: "openai",
      duration: 30,
      cached: true,
      metadata: { team: "red" },
    });
    log.append("b", {
      created_at: "2026-01-01T00:00:02.000Z",
      tokens_in: 100,
      success: false,
      metadata: { team: "Blue" },
    });
    log.append("c", { created_at: "2026-01-01T00:00:03.000Z", duration: 20, feedback: 1 });
  });
  const by = (key: string, operator: LogFilter["operator"], ...value: LogFilter["value"]) =>
    log.ids({ filters: [{ key, operator, value }] });

  test("WHEN nothing is said THEN the newest comes first", () => {
    expect(log.store.list("acc", "gw", { page: 1, perPage: 50 }).entries[0]?.id).toBe("c");
  });

  test("WHEN pages are asked for THEN they follow each other, and past the end is nothing", () => {
    expect(log.ids({ page: 2, perPage: 2 })).toEqual(["c"]);
    expect(log.store.list("acc", "gw", { page: 9, perPage: 2 })).toEqual({
      entries: [],
      totalCount: 3,
    });
  });

  test("WHEN filters are given THEN each operator does what it says", () => {
    expect(by("provider", "eq", "openai")).toEqual(["a"]);
    expect(by("provider", "eq", "openai", "workers-ai")).toEqual(["a", "b", "c"]);
    expect(by("provider", "neq", "openai")).toEqual(["b", "c"]);
    expect(by("model", "contains", "LLAMA")).toEqual(["a", "b", "c"]);
    expect(by("duration", "gt", 10)).toEqual(["a", "c"]);
    expect(by("tokens", "lt", 50)).toEqual(["a", "c"]);
    expect(by("created_at", "gt", "2026-01-01T00:00:01Z")).toEqual(["b", "c"]);
    expect(by("cached", "eq", true)).toEqual(["a"]);
    expect(by("success", "eq", false)).toEqual(["b"]);
    expect(by("feedback", "eq", null)).toEqual(["a", "b"]);
    expect(by("metadata.value", "eq", "red")).toEqual(["a"]);
    expect(by("metadata.key", "eq", "team")).toEqual(["a", "b"]);
  });

  test("WHEN several filters are given THEN all must hold", () => {
    const filters: LogFilter[] = [
      { key: "provider", operator: "eq", value: ["workers-ai"] },
      { key: "success", operator: "eq", value: [true] },
    ];
    expect(log.ids({ filters })).toEqual(["c"]);
  });

  test("WHEN a key does not exist THEN the error names those that do", () => {
    expect(() => by("nonsense", "eq", 1)).toThrow(/no "nonsense"; filter by id, created_at/);
  });

  test("WHEN text is searched THEN metadata is looked through, whatever the case", () => {
    expect(log.ids({ search: "blue" })).toEqual(["b"]);
  });

  test("WHEN an order is given THEN rows come in it", () => {
    expect(log.ids({ orderBy: "duration" })).toEqual(["b", "c", "a"]);
    expect(log.ids({ orderBy: "provider", orderByDirection: "desc" })[2]).toBe("a");
  });

  test("WHEN some are deleted THEN the oldest go first", () => {
    expect(log.store.delete("acc", "gw", { limit: 2 })).toBe(2);
    expect(log.ids()).toEqual(["c"]);
  });

  test("WHEN an id is a path THEN it leads nowhere", () => {
    expect(log.store.get("..", "..", "a")).toBeUndefined();
    expect(log.store.list("../acc", "gw", { page: 1, perPage: 5 }).totalCount).toBe(0);
  });
});
