import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeDirectory } from "../../../emulator/state/make-directory.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

let root: string;

beforeEach(() => {
  root = temporaryFolder("make-directory-");
});
afterEach(() => removeFolder(root));

describe("a directory", () => {
  test("is made with those above it, for its owner only, and may be there already", async () => {
    const path = join(root, "a", "b", "c");

    await makeDirectory(path);
    await makeDirectory(path);

    expect(statSync(path).isDirectory()).toBe(true);
    expect(statSync(join(root, "a")).mode & 0o777).toBe(0o700);
  });

  test("is refused where a file is in its place or above it", async () => {
    writeFileSync(join(root, "file"), "");

    await expect(makeDirectory(join(root, "file"))).rejects.toThrow("EEXIST");
    await expect(makeDirectory(join(root, "file", "below"))).rejects.toThrow("ENOTDIR");
  });

  // Linux's own example of a directory that takes none.
  (existsSync("/proc/self") ? test : test.skip)(
    "is refused at once where the one above takes no other",
    async () => {
      await expect(makeDirectory("/proc/none")).rejects.toThrow("ENOENT");
      await expect(makeDirectory("/proc/none/below")).rejects.toThrow("ENOENT");
    },
  );
});
