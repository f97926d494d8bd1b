import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { openedStates, storeScript } from "./opened-states.js";
import { allFiles } from "./temporary-directory.js";

const states = openedStates();

describe("secrets", () => {
  test("are in no file in clear, nor is the token", async () => {
    const state = await states.open();

    await storeScript(state, "export default {};", canary("a Worker's secret"));
    await state.announce({ apiUrl: "http://x", aiGatewayUrl: "http://y", reattach: "{}" });

    const files = await allFiles(states.path);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const content = await readFile(file);
      for (const secret of [canary("a Worker's secret"), state.apiToken]) {
        expect(content.includes(secret)).toBe(false);
        expect(content.includes(Buffer.from(secret).toString("base64"))).toBe(false);
      }
    }
  });

  test("are readable by the owner only: files 0600, folders 0700", async () => {
    await chmod(states.path, 0o755);
    const state = await states.open();
    await storeScript(state, "one", canary("a Worker's secret"));

    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    for (const file of await allFiles(states.path)) expect(await mode(file)).toBe(0o600);
    expect(await mode(states.path)).toBe(0o700);
    expect(await mode(join(states.path, "blobs"))).toBe(0o700);
  });

  test("cannot be read with another key", async () => {
    await states.close(await states.open());
    await writeFile(join(states.path, "key"), Buffer.alloc(32));

    await expect(states.open()).rejects.toThrow(/do not belong together/);
  });

  test("are not given up when the key file is missing", async () => {
    await states.close(await states.open());
    await rm(join(states.path, "key"));

    await expect(states.open()).rejects.toThrow(/key file .* is missing/);
  });
});
