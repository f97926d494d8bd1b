import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { openedStates, storeScript } from "./opened-states.js";
import { allFiles } from "./temporary-directory.js";

const states = openedStates();

describe("content", () => {
  test("of a replaced or deleted script is removed", async () => {
    const state = await states.open();
    const blobs = async () => (await allFiles(join(states.path, "blobs"))).length;

    await storeScript(state, "one");
    await storeScript(state, "two");
    // The blob of the first was still held while the second was stored for the first time.
    await state.workers.sweep();
    expect(await blobs()).toBe(1);

    await state.workers.delete("chat");
    expect(await blobs()).toBe(0);
  });

  test("that was changed on disk is refused by name, and made good by the next deploy", async () => {
    const state = await states.open();
    await storeScript(state, "one");
    const [blob] = await allFiles(join(states.path, "blobs"));
    await writeFile(blob ?? "", "other");

    await expect(state.scripts()).rejects.toThrow(`The stored content ${blob}`);

    const damaged: string[] = [];
    expect(await state.scripts((name) => damaged.push(name))).toEqual([]);
    expect(damaged).toEqual(["chat"]);
    await storeScript(state, "one");
    expect(await state.scripts()).toHaveLength(1);
  });
});
