import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";
import { openedStates, storeScript } from "./opened-states.js";

const states = openedStates();

describe("what is remembered", () => {
  test("is account, token, gateways, scripts and ports, over restarts", async () => {
    // GIVEN
    const before = await states.open();
    const { accountId, apiToken } = before;
    await before.gateways.create("chat", { ...gatewayDefaults, cache_ttl: 7 });
    await before.workerPorts.set("account.chat", 41_000);
    await storeScript(before, "export default {};", canary("a Worker's secret"));
    await states.close(before);

    // WHEN
    const after = await states.open();

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
    const state = await states.open();
    const file = join(states.path, "state.json");

    const created = state.gateways.create("chat", gatewayDefaults);
    expect(state.gateways.get(state.accountId, "chat")).toBeUndefined();
    await created;

    expect(state.gateways.get(state.accountId, "chat")).toBeDefined();
    expect(await readFile(file, "utf8")).toContain('"chat"');
  });

  test("is whole in the file at every moment, also between the steps of a write", async () => {
    const state = await states.open();
    const file = join(states.path, "state.json");
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
    const state = await states.open();

    const results = await Promise.allSettled([
      state.gateways.create("a", gatewayDefaults),
      state.gateways.create("a", gatewayDefaults),
      state.gateways.create("b", gatewayDefaults),
    ]);

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(state.gateways.list(state.accountId).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("is changed by a change asked for in the very step the one before is done", async () => {
    const state = await states.open();
    const { workerPorts } = state;

    for (let port = 1; port <= 20; port += 1) await workerPorts.set("chat", port);

    expect(workerPorts.get("chat")).toBe(20);
  });

  test("belongs to one account", async () => {
    const state = await states.open();
    await state.gateways.create("chat", gatewayDefaults);

    expect(state.gateways.get("f".repeat(32), "chat")).toBeUndefined();
  });

  test("stays as it was when the disk refuses", async () => {
    const state = await states.open();
    await state.gateways.create("chat", gatewayDefaults);
    // Root may write anywhere, so the file's place is taken by what a rename cannot replace.
    const file = join(states.path, "state.json");
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

describe("the products of an account", () => {
  test("are found again as they were", async () => {
    const state = await states.open();
    const namespace = { id: "0123", title: "titles" };
    await state.products.kvNamespaces.put(() => namespace);
    await states.close(state);

    const after = await states.open();

    expect(after.products.kvNamespaces.get("0123")).toEqual(namespace);
  });

  test("are none in a file from before there were any", async () => {
    const file = join(states.path, "state.json");
    await states.close(await states.open());
    const { products, ...stored } = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify(stored));

    const after = await states.open();

    expect(products).toBeDefined();
    expect(after.products.queues.list()).toEqual([]);
  });

  test("refuse a change as one, and keep what there was", async () => {
    const state = await states.open();
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
