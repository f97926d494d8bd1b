import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { EmulatorError } from "../../../emulator/emulator-error.js";
import { readRunningEmulator } from "../../../emulator/state/running-emulator.js";
import { openState, type State } from "../../../emulator/state/state.js";
import type { StoredScript } from "../../../emulator/state/state-document.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";
import { allFiles, temporaryDirectory } from "./temporary-directory.js";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let opened: State[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  opened = [];
});
afterEach(async () => {
  for (const state of opened) await state.close();
  await directory.remove();
});

async function open(): Promise<State> {
  const state = await openState(directory.path, { clock: new ManualClock() });
  opened.push(state);
  return state;
}

async function close(state: State): Promise<void> {
  opened = opened.filter((other) => other !== state);
  await state.close();
}

/** Stores a script whose only module holds `code`. */
async function store(state: State, code: string, secret?: string): Promise<void> {
  const module = { name: "main.js", type: "ESModule", content: Buffer.from(code) } as const;
  const { modules, etag, held } = await state.workers.putModules([module]);
  const script: StoredScript = {
    name: "chat",
    tag: "t",
    etag,
    created_on: "",
    modified_on: "",
    startup_time_ms: 1,
    main_module: "main.js",
    modules,
    compatibility_flags: [],
    bindings: secret
      ? [state.workers.sealBinding("chat", { type: "secret_text", name: "KEY", text: secret })]
      : [],
    classes: [],
    declares_exports: false,
    schedules: [],
    subdomain: { enabled: true, previews_enabled: false },
    echoed: {},
  };
  await state.workers.put(script);
  for (const { release } of held) release();
}

describe("what is remembered", () => {
  test("is account, token, gateways, scripts and ports, over restarts", async () => {
    // GIVEN
    const before = await open();
    const { accountId, apiToken } = before;
    await before.gateways.create("chat", { ...gatewayDefaults, cache_ttl: 7 });
    await before.workerPorts.set("account.chat", 41_000);
    await store(before, "export default {};", canary("a Worker's secret"));
    await close(before);

    // WHEN
    const after = await open();

    // THEN
    expect(accountId).toMatch(/^[0-9a-f]{32}$/);
    expect(apiToken).toMatch(/^[A-Za-z0-9_-]{40}$/);
    expect(after).toMatchObject({ accountId, apiToken });
    expect(after.gateways.get(accountId, "chat")?.cache_ttl).toBe(7);
    expect(after.workerPorts.get("account.chat")).toBe(41_000);
    const [restored] = await after.scripts();
    expect(restored).toMatchObject({
      script: {
        accountId,
        name: "chat",
        bindings: [{ type: "secret_text", name: "KEY", text: canary("a Worker's secret") }],
      },
      public: true,
    });
    expect(Buffer.from(restored?.script.modules[0]?.content ?? "").toString()).toBe(
      "export default {};",
    );
  });

  test("is seen only once it is on disk", async () => {
    const state = await open();
    const file = join(directory.path, "state.json");

    const created = state.gateways.create("chat", gatewayDefaults);
    expect(state.gateways.get(state.accountId, "chat")).toBeUndefined();
    await created;

    expect(state.gateways.get(state.accountId, "chat")).toBeDefined();
    expect(await readFile(file, "utf8")).toContain('"chat"');
  });

  test("is whole in the file at every moment, also between the steps of a write", async () => {
    const state = await open();
    const file = join(directory.path, "state.json");
    let looks = 0;
    let done = false;

    const writes = (async () => {
      for (let port = 1; port <= 50; port += 1) await state.workerPorts.set("chat", port);
      done = true;
    })();
    while (!done) {
      expect(() => JSON.parse(readFileSync(file, "utf8"))).not.toThrow();
      looks += 1;
      await new Promise(setImmediate);
    }
    await writes;

    expect(looks).toBeGreaterThan(50);
  });

  test("is changed one after the other, a refused change in between changing nothing", async () => {
    const state = await open();

    const results = await Promise.allSettled([
      state.gateways.create("a", gatewayDefaults),
      state.gateways.create("a", gatewayDefaults),
      state.gateways.create("b", gatewayDefaults),
    ]);

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(state.gateways.list(state.accountId).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("is changed by a change asked for in the very step the one before is done", async () => {
    const state = await open();
    const { workerPorts } = state;

    for (let port = 1; port <= 20; port += 1) await workerPorts.set("chat", port);

    expect(workerPorts.get("chat")).toBe(20);
  });

  test("belongs to one account", async () => {
    const state = await open();
    await state.gateways.create("chat", gatewayDefaults);

    expect(state.gateways.get("f".repeat(32), "chat")).toBeUndefined();
  });

  test("stays as it was when the disk refuses", async () => {
    const state = await open();
    await state.gateways.create("chat", gatewayDefaults);
    // Root may write anywhere, so the file's place is taken by what a rename cannot replace.
    const file = join(directory.path, "state.json");
    const content = await readFile(file);
    await rm(file);
    await mkdir(join(file, "x"), { recursive: true });

    const change = state.gateways.delete("chat");

    await expect(change).rejects.toThrow(/The change was not made: cannot write .*state\.json/);
    expect(state.gateways.get(state.accountId, "chat")).toBeDefined();
    await rm(file, { recursive: true });
    await writeFile(file, content);
  });
});

describe("content", () => {
  test("of a replaced or deleted script is removed", async () => {
    const state = await open();
    const blobs = async () => (await allFiles(join(directory.path, "blobs"))).length;

    await store(state, "one");
    await store(state, "two");
    // The blob of the first was still held while the second was stored for the first time.
    await state.workers.sweep();
    expect(await blobs()).toBe(1);

    await state.workers.delete("chat");
    expect(await blobs()).toBe(0);
  });

  test("that was changed on disk is refused by name, and made good by the next deploy", async () => {
    const state = await open();
    await store(state, "one");
    const [blob] = await allFiles(join(directory.path, "blobs"));
    await writeFile(blob ?? "", "other");

    await expect(state.scripts()).rejects.toThrow(`The stored content ${blob}`);

    const damaged: string[] = [];
    expect(await state.scripts((name) => damaged.push(name))).toEqual([]);
    expect(damaged).toEqual(["chat"]);
    await store(state, "one");
    expect(await state.scripts()).toHaveLength(1);
  });
});

describe("secrets", () => {
  test("are in no file in clear, nor is the token", async () => {
    const state = await open();

    await store(state, "export default {};", canary("a Worker's secret"));
    await state.announce({ apiUrl: "http://x", aiGatewayUrl: "http://y", reattach: "{}" });

    const files = await allFiles(directory.path);
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
    await chmod(directory.path, 0o755);
    const state = await open();
    await store(state, "one", canary("a Worker's secret"));

    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    for (const file of await allFiles(directory.path)) expect(await mode(file)).toBe(0o600);
    expect(await mode(directory.path)).toBe(0o700);
    expect(await mode(join(directory.path, "blobs"))).toBe(0o700);
  });

  test("cannot be read with another key", async () => {
    await close(await open());
    await writeFile(join(directory.path, "key"), Buffer.alloc(32));

    await expect(open()).rejects.toThrow(/do not belong together/);
  });

  test("are not given up when the key file is missing", async () => {
    await close(await open());
    await rm(join(directory.path, "key"));

    await expect(open()).rejects.toThrow(/key file .* is missing/);
  });
});

describe("a state file that cannot be used", () => {
  test.each([
    ["is no JSON", "{", /not JSON/],
    ["is empty", "", /not JSON/],
    ["is from a newer emulator", '{"format":2}', /newer emulator wrote it \(format 2/],
    ["has another shape", '{"format":1}', /account_id/],
  ])("because it %s is named, left alone, and the directory is free again", async (...row) => {
    const [, content, reason] = row;
    const file = join(directory.path, "state.json");
    await close(await open());
    await writeFile(file, content);

    const refused = await open().catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(EmulatorError);
    expect((refused as Error).message).toContain(file);
    expect((refused as Error).message).toMatch(reason);
    expect(await readFile(file, "utf8")).toBe(content);
    expect(await readFile(join(directory.path, "lock")).catch(() => "free")).toBe("free");
  });

  test("from before a setting existed is read with the setting's default", async () => {
    const file = join(directory.path, "state.json");
    const state = await open();
    await state.gateways.create("chat", { ...gatewayDefaults, log_management: 20_000 });
    await close(state);
    const stored = JSON.parse(await readFile(file, "utf8"));
    delete stored.gateways[0].log_management;
    await writeFile(file, JSON.stringify(stored));

    const after = await open();

    expect(after.gateways.get(after.accountId, "chat")?.log_management).toBe(100_000);
  });
});

describe("the products of an account", () => {
  test("are found again as they were", async () => {
    const state = await open();
    const namespace = { id: "0123", title: "titles" };
    await state.products.kvNamespaces.put(() => namespace);
    await close(state);

    const after = await open();

    expect(after.products.kvNamespaces.get("0123")).toEqual(namespace);
  });

  test("are none in a file from before there were any", async () => {
    const file = join(directory.path, "state.json");
    await close(await open());
    const { products, ...stored } = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify(stored));

    const after = await open();

    expect(products).toBeDefined();
    expect(after.products.queues.list()).toEqual([]);
  });

  test("refuse a change as one, and keep what there was", async () => {
    const state = await open();
    await state.products.kvNamespaces.put(() => ({ id: "0123", title: "titles" }));

    const changes = await Promise.allSettled([
      state.products.kvNamespaces.put(() => {
        throw new Error("taken");
      }),
      state.products.kvNamespaces.put(() => ({ id: "4567", title: "others" })),
    ]);

    expect(changes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(state.products.kvNamespaces.list().map(({ id }) => id)).toEqual(["0123", "4567"]);
  });
});

describe("the owner", () => {
  test("is one: a second open is refused, naming the process and where it answers", async () => {
    const state = await open();
    await state.announce({ apiUrl: "http://api", aiGatewayUrl: "http://gw", reattach: "{}" });

    await expect(open()).rejects.toThrow(
      new RegExp(`already up at http://api \\(process ${process.pid}\\)`),
    );
  });

  test("is one of many that start at the same time", async () => {
    await writeFile(join(directory.path, "lock"), '{"pid":4194305,"processStart":""}');

    const results = await Promise.allSettled(Array.from({ length: 8 }, () => open()));

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("that was killed is replaced, even when its process id is in use again", async () => {
    const lock = JSON.stringify({ pid: process.pid, processStart: "another-boot/1" });
    await writeFile(join(directory.path, "lock"), lock);

    if (process.platform !== "linux") {
      console.warn("Skipped: only Linux says when a process started.");
      return;
    }
    await expect(open()).resolves.toBeDefined();
  });

  test("is found by another process once it answers, and not after it has closed", async () => {
    const { path } = directory;
    expect(await readRunningEmulator(path)).toBeUndefined();
    const state = await open();
    expect(await readRunningEmulator(path)).toBeUndefined();

    await state.announce({ apiUrl: "http://api", aiGatewayUrl: "http://gw", reattach: "{}" });

    expect(await readRunningEmulator(path)).toEqual({
      pid: process.pid,
      apiUrl: "http://api",
      aiGatewayUrl: "http://gw",
      reattach: "{}",
      accountId: state.accountId,
      apiToken: state.apiToken,
    });
    await close(state);
    expect(await readRunningEmulator(path)).toBeUndefined();
  });

  test("cannot change anything after it has closed", async () => {
    const state = await open();
    await close(state);

    await expect(state.gateways.create("chat", gatewayDefaults)).rejects.toThrow(/is closed/);
  });
});
