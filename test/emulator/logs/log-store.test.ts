import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createLogStore } from "../../../emulator/logs/create-log-store.js";
import type { LogEntry, LogFilter, LogQuery, LogStore } from "../../../emulator/logs/log-entry.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

let directory: string;
let logs: LogStore;
beforeEach(() => {
  directory = temporaryFolder("log-store-");
  logs = createLogStore({ directory });
});
afterEach(async () => {
  await logs.close();
  await removeFolder(directory);
});

const entry = (id: string, more: Partial<LogEntry> = {}): LogEntry => ({
  id,
  event_id: id,
  created_at: "2026-01-01T00:00:00.000Z",
  provider: "workers-ai",
  model: "@cf/meta/llama-3.1-8b-instruct",
  path: "@cf/meta/llama-3.1-8b-instruct",
  duration: 10,
  success: true,
  cached: false,
  status_code: 200,
  step: 0,
  tokens_in: 1,
  tokens_out: 2,
  cost: 0,
  metadata: {},
  model_type: "",
  request_type: "",
  request_content_type: "application/json",
  response_content_type: "application/json",
  feedback: null,
  score: null,
  ...more,
});
const bodies = (request: string, response: string) => ({
  request: Buffer.from(request),
  response: Buffer.from(response),
});
const append = (id: string, more: Partial<LogEntry> = {}) =>
  logs.append("acc", "gw", entry(id, more), bodies(`ask ${id}`, `answer ${id}`));
const ids = (query: Partial<LogQuery> = {}) =>
  logs
    .list("acc", "gw", { page: 1, perPage: 50, orderByDirection: "asc", ...query })
    .entries.map(({ id }) => id);
const text = (id: string) => {
  const payload = logs.payload("acc", "gw", id);
  return (
    payload && [payload.request, payload.response].map((bytes) => Buffer.from(bytes).toString())
  );
};
const file = () => path.join(directory, "acc", "gw", "log.jsonl");

async function restart(): Promise<void> {
  await logs.close();
  logs = createLogStore({ directory });
}

describe("GIVEN rows on disk", () => {
  test("WHEN the store is opened again THEN rows and bodies are there", async () => {
    append("a");
    append("b");
    await restart();
    expect(ids()).toEqual(["a", "b"]);
    expect(logs.get("acc", "gw", "a")).toEqual(entry("a"));
    expect(text("b")).toEqual(["ask b", "answer b"]);
  });

  test("WHEN nothing asked for it THEN rows reach the disk by themselves", async () => {
    append("a");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fs.readFileSync(file(), "utf8")).toContain('"id":"a"');
  });

  test("WHEN a row was patched and another deleted THEN both hold after a restart", async () => {
    append("a");
    append("b");
    await logs.flush();
    expect(logs.patch("acc", "gw", "a", { feedback: 1, metadata: { x: 1 } })).toMatchObject({
      feedback: 1,
    });
    const filters: LogFilter[] = [{ key: "id", operator: "eq", value: ["b"] }];
    expect(logs.delete("acc", "gw", { filters })).toBe(1);
    await restart();
    expect(ids()).toEqual(["a"]);
    expect(logs.get("acc", "gw", "a")).toMatchObject({
      feedback: 1,
      metadata: { x: 1 },
      score: null,
    });
  });

  test("WHEN a kill tore the last line THEN the rows before it are kept and new ones follow", async () => {
    append("a");
    append("b");
    await logs.close();
    fs.truncateSync(file(), fs.statSync(file()).size - 20);
    logs = createLogStore({ directory });
    expect(ids()).toEqual(["a"]);
    append("c");
    await restart();
    expect(ids()).toEqual(["a", "c"]);
    expect(text("c")).toEqual(["ask c", "answer c"]);
  });

  test("WHEN the bodies were torn THEN the row is kept without them", async () => {
    append("a");
    await logs.close();
    fs.truncateSync(path.join(directory, "acc", "gw", "bodies-1.bin"), 3);
    logs = createLogStore({ directory });
    expect(ids()).toEqual(["a"]);
    expect(text("a")).toBeUndefined();
  });

  test("WHEN a line in the middle is no row THEN the error names file and line", async () => {
    append("a");
    await logs.close();
    fs.writeFileSync(file(), `garbage\n${fs.readFileSync(file(), "utf8")}`);
    logs = createLogStore({ directory });
    expect(() => ids()).toThrow(/log\.jsonl is damaged at line 1: "garbage"/);
  });

  test("WHEN all rows are deleted THEN no file stays", async () => {
    append("a");
    await logs.flush();
    expect(logs.delete("acc", "gw", {})).toBe(1);
    await logs.flush();
    expect(fs.existsSync(path.join(directory, "acc", "gw"))).toBe(false);
    append("b");
    await restart();
    expect(ids()).toEqual(["b"]);
  });

  test("WHEN rows give way to new ones for long THEN the file does not grow for ever", async () => {
    const keep = { limit: 10, strategy: "DELETE_OLDEST" } as const;
    for (let index = 0; index < 5000; index++) {
      logs.append("acc", "gw", entry(`row-${index}`), undefined, keep);
      if (index % 500 === 0) await logs.flush();
    }
    await logs.flush();
    expect(fs.statSync(file()).size).toBeLessThan(1_000_000);
    await restart();
    expect(ids()).toEqual(Array.from({ length: 10 }, (_, index) => `row-${4990 + index}`));
  });

  test("WHEN the disk refuses THEN somebody is told, and the rows stay readable", async () => {
    const told: Error[] = [];
    const blocked = path.join(directory, "blocked");
    fs.writeFileSync(blocked, "a file where a folder should be");
    const store = createLogStore({ directory: blocked, onError: (error) => told.push(error) });
    store.append("acc", "gw", entry("a"));
    await store.flush();
    expect(told.map(({ message }) => message).join()).toContain("were not written");
    expect(store.get("acc", "gw", "a")).toBeDefined();
    await store.close();
  });
});

describe("GIVEN bodies", () => {
  test("WHEN the same ones come again and again THEN they are kept once", async () => {
    const payload = { ...bodies("ask", "answer".repeat(1000)), repeated: true };
    for (let index = 0; index < 100; index++) logs.append("acc", "gw", entry(`${index}`), payload);
    await restart();
    expect(fs.statSync(path.join(directory, "acc", "gw", "bodies-1.bin")).size).toBe(6003);
    expect(text("99")).toEqual(["ask", "answer".repeat(1000)]);
  });

  test("WHEN they are larger than 10 MB THEN the row is kept without them", () => {
    logs.append("acc", "gw", entry("big"), bodies("x".repeat(10_000_001), ""));
    expect(ids()).toEqual(["big"]);
    expect(text("big")).toBeUndefined();
  });

  test("WHEN they are empty THEN they are there and empty", async () => {
    logs.append("acc", "gw", entry("a"), bodies("", "answer"));
    expect(text("a")).toEqual(["", "answer"]);
    await logs.flush();
    expect(text("a")).toEqual(["", "answer"]);
  });

  test("WHEN the store has no folder THEN they are in memory", () => {
    const memory = createLogStore();
    memory.append("acc", "gw", entry("a"), bodies("ask", "answer"));
    expect(Buffer.from(memory.payload("acc", "gw", "a")?.response ?? "").toString()).toBe("answer");
  });
});

describe("GIVEN a question to the log", () => {
  beforeEach(() => {
    append("a", {
      created_at: "2026-01-01T00:00:01.000Z",
      provider: "openai",
      duration: 30,
      cached: true,
      metadata: { team: "red" },
    });
    append("b", {
      created_at: "2026-01-01T00:00:02.000Z",
      tokens_in: 100,
      success: false,
      metadata: { team: "Blue" },
    });
    append("c", { created_at: "2026-01-01T00:00:03.000Z", duration: 20, feedback: 1 });
  });
  const by = (key: string, operator: LogFilter["operator"], ...value: LogFilter["value"]) =>
    ids({ filters: [{ key, operator, value }] });

  test("WHEN nothing is said THEN the newest comes first", () => {
    expect(logs.list("acc", "gw", { page: 1, perPage: 50 }).entries[0]?.id).toBe("c");
  });

  test("WHEN pages are asked for THEN they follow each other, and past the end is nothing", () => {
    expect(ids({ page: 2, perPage: 2 })).toEqual(["c"]);
    expect(logs.list("acc", "gw", { page: 9, perPage: 2 })).toEqual({ entries: [], totalCount: 3 });
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
    expect(ids({ filters })).toEqual(["c"]);
  });

  test("WHEN a key does not exist THEN the error names those that do", () => {
    expect(() => by("nonsense", "eq", 1)).toThrow(/no "nonsense"; filter by id, created_at/);
  });

  test("WHEN text is searched THEN metadata is looked through, whatever the case", () => {
    expect(ids({ search: "blue" })).toEqual(["b"]);
  });

  test("WHEN an order is given THEN rows come in it", () => {
    expect(ids({ orderBy: "duration" })).toEqual(["b", "c", "a"]);
    expect(ids({ orderBy: "provider", orderByDirection: "desc" })[2]).toBe("a");
  });

  test("WHEN some are deleted THEN the oldest go first", () => {
    expect(logs.delete("acc", "gw", { limit: 2 })).toBe(2);
    expect(ids()).toEqual(["c"]);
  });

  test("WHEN an id is a path THEN it leads nowhere", () => {
    expect(logs.get("..", "..", "a")).toBeUndefined();
    expect(logs.list("../acc", "gw", { page: 1, perPage: 5 }).totalCount).toBe(0);
  });
});
