import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createLogStore } from "../../../emulator/logs/create-log-store.js";
import type { LogFilter } from "../../../emulator/logs/log-entry.js";
import { bodies, entry, OpenedLog } from "./opened-log.js";

const log = new OpenedLog();

const text = (id: string) => {
  const payload = log.store.payload("acc", "gw", id);
  return (
    payload && [payload.request, payload.response].map((bytes) => Buffer.from(bytes).toString())
  );
};
const file = () => path.join(log.directory, "acc", "gw", "log.jsonl");

describe("GIVEN rows on disk", () => {
  test("WHEN the store is opened again THEN rows and bodies are there", async () => {
    log.append("a");
    log.append("b");
    await log.restart();
    expect(log.ids()).toEqual(["a", "b"]);
    expect(log.store.get("acc", "gw", "a")).toEqual(entry("a"));
    expect(text("b")).toEqual(["ask b", "answer b"]);
  });

  test("WHEN nothing asked for it THEN rows reach the disk by themselves", async () => {
    log.append("a");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fs.readFileSync(file(), "utf8")).toContain('"id":"a"');
  });

  test("WHEN a row was patched and another deleted THEN both hold after a restart", async () => {
    log.append("a");
    log.append("b");
    await log.store.flush();
    expect(log.store.patch("acc", "gw", "a", { feedback: 1, metadata: { x: 1 } })).toMatchObject({
      feedback: 1,
    });
    const filters: LogFilter[] = [{ key: "id", operator: "eq", value: ["b"] }];
    expect(log.store.delete("acc", "gw", { filters })).toBe(1);
    await log.restart();
    expect(log.ids()).toEqual(["a"]);
    expect(log.store.get("acc", "gw", "a")).toMatchObject({
      feedback: 1,
      metadata: { x: 1 },
      score: null,
    });
  });

  test("WHEN a kill tore the last line THEN the rows before it are kept and new ones follow", async () => {
    log.append("a");
    log.append("b");
    await log.store.close();
    fs.truncateSync(file(), fs.statSync(file()).size - 20);
    log.open();
    expect(log.ids()).toEqual(["a"]);
    log.append("c");
    await log.restart();
    expect(log.ids()).toEqual(["a", "c"]);
    expect(text("c")).toEqual(["ask c", "answer c"]);
  });

  test("WHEN the bodies were torn THEN the row is kept without them", async () => {
    log.append("a");
    await log.store.close();
    fs.truncateSync(path.join(log.directory, "acc", "gw", "bodies-1.bin"), 3);
    log.open();
    expect(log.ids()).toEqual(["a"]);
    expect(text("a")).toBeUndefined();
  });

  test("WHEN a line in the middle is no row THEN the error names file and line", async () => {
    log.append("a");
    await log.store.close();
    fs.writeFileSync(file(), `garbage\n${fs.readFileSync(file(), "utf8")}`);
    log.open();
    expect(() => log.ids()).toThrow(/log\.jsonl is damaged at line 1: "garbage"/);
  });

  test("WHEN all rows are deleted THEN no file stays", async () => {
    log.append("a");
    await log.store.flush();
    expect(log.store.delete("acc", "gw", {})).toBe(1);
    await log.store.flush();
    expect(fs.existsSync(path.join(log.directory, "acc", "gw"))).toBe(false);
    log.append("b");
    await log.restart();
    expect(log.ids()).toEqual(["b"]);
  });

  test("WHEN rows give way to new ones for long THEN the file does not grow for ever", async () => {
    const keep = { limit: 10, strategy: "DELETE_OLDEST" } as const;
    for (let index = 0; index < 5000; index++) {
      log.store.append("acc", "gw", entry(`row-${index}`), undefined, keep);
      if (index % 500 === 0) await log.store.flush();
    }
    await log.store.flush();
    expect(fs.statSync(file()).size).toBeLessThan(1_000_000);
    await log.restart();
    expect(log.ids()).toEqual(Array.from({ length: 10 }, (_, index) => `row-${4990 + index}`));
  });

  test("WHEN the disk refuses THEN somebody is told, and the rows stay readable", async () => {
    const told: Error[] = [];
    const blocked = path.join(log.directory, "blocked");
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
    for (let index = 0; index < 100; index++)
      log.store.append("acc", "gw", entry(`${index}`), payload);
    await log.restart();
    expect(fs.statSync(path.join(log.directory, "acc", "gw", "bodies-1.bin")).size).toBe(6003);
    expect(text("99")).toEqual(["ask", "answer".repeat(1000)]);
  });

  test("WHEN they are larger than 10 MB THEN the row is kept without them", () => {
    log.store.append("acc", "gw", entry("big"), bodies("x".repeat(10_000_001), ""));
    expect(log.ids()).toEqual(["big"]);
    expect(text("big")).toBeUndefined();
  });

  test("WHEN they are empty THEN they are there and empty", async () => {
    log.store.append("acc", "gw", entry("a"), bodies("", "answer"));
    expect(text("a")).toEqual(["", "answer"]);
    await log.store.flush();
    expect(text("a")).toEqual(["", "answer"]);
  });

  test("WHEN the store has no folder THEN they are in memory", () => {
    const memory = createLogStore();
    memory.append("acc", "gw", entry("a"), bodies("ask", "answer"));
    expect(Buffer.from(memory.payload("acc", "gw", "a")?.response ?? "").toString()).toBe("answer");
  });
});
