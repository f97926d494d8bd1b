import { describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { closedAfterEach } from "./closed-after-each.js";
import { counter, openHost, put, script } from "./host-fixture.js";
import { killWorkerd } from "./processes.js";

const open = closedAfterEach();

async function directory(): Promise<string> {
  const path = temporaryFolder("worker-storage-");
  open.push({ close: () => removeFolder(path) });
  return path;
}

const all = `${counter}
export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  const count = async (get, put) => { const n = Number(await get() ?? 0) + 1; await put(String(n)); return n; };
  const object = await env.COUNTER.get(env.COUNTER.idFromName("a")).add();
  const kv = await count(() => env.KV.get("n"), (n) => env.KV.put("n", n));
  const r2 = await count(async () => (await env.R2.get("n"))?.text(), (n) => env.R2.put("n", n));
  await env.D1.exec("CREATE TABLE IF NOT EXISTS t (n INTEGER)");
  await env.D1.prepare("INSERT INTO t VALUES (1)").run();
  const d1 = (await env.D1.prepare("SELECT count(*) AS n FROM t").first()).n;
  return Response.json({ object, kv, r2, d1, version: typeof env.VERSION.id, limited: (await env.LIMIT.limit({ key: "a" })).success });
} }`;

const products = {
  bindings: [
    { type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" },
    { type: "kv_namespace", name: "KV", namespace_id: "0f2ac74b498b48028cb68387c421e279" },
    { type: "r2_bucket", name: "R2", bucket_name: "files" },
    { type: "d1", name: "D1", id: "b4a9f0f4-7e3f-4f6c-8d2b-3d2f0f9c1a11" },
    { type: "version_metadata", name: "VERSION" },
    { type: "ratelimit", name: "LIMIT", namespace_id: "1", simple: { limit: 5, period: 10 } },
  ],
  durableObjects: [{ className: "Counter", storageKey: "counter-key", sqlite: true }],
} as const;

describe("what bindings store", () => {
  test("is there after a new version, a crash and in a new process", async () => {
    // GIVEN
    const path = await directory();
    const first = await openHost({ directory: path });
    open.push(first);
    const url = await put(first.host, script("all", all, products));
    const numbers = async (from: string) => {
      const { object, kv, r2, d1 } = (await (await fetch(from)).json()) as Record<string, number>;
      return [object, kv, r2, d1];
    };
    expect(await numbers(url)).toEqual([1, 1, 1, 1]);

    // WHEN a new version comes
    await first.host.deploy(script("all", `${all}\n// new`, products));

    // THEN
    expect(await numbers(url)).toEqual([2, 2, 2, 2]);

    // AND after a crash
    await killWorkerd();
    expect(await numbers(url)).toEqual([3, 3, 3, 3]);

    // AND in a new process, with the class renamed
    await first.host.close();
    const second = await openHost({ directory: path });
    open.push(second);
    const renamed = await put(
      second.host,
      script("all", all.replaceAll("Counter", "Tally"), {
        bindings: [
          { type: "durable_object_namespace", name: "COUNTER", class_name: "Tally" },
          ...products.bindings.slice(1),
        ],
        durableObjects: [{ className: "Tally", storageKey: "counter-key", sqlite: true }],
      }),
    );
    expect(await numbers(renamed)).toEqual([4, 4, 4, 4]);
  });

  test("is gone for good once it was dropped, also while the script runs", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const { host } = opened;
    const url = await put(host, script("all", all, products));
    await fetch(url);
    await fetch(url);

    // WHEN
    await host.dropStorage("durable_object", "counter-key");
    await host.dropStorage("kv", products.bindings[1].namespace_id);
    await host.dropStorage("r2", "files");
    await host.dropStorage("d1", products.bindings[3].id);

    // THEN
    expect(await (await fetch(url)).json()).toMatchObject({ object: 1, kv: 1, r2: 1, d1: 1 });
    await host.deploy(script("all", `${all}\n// new`, products));
    expect(await (await fetch(url)).json()).toMatchObject({ object: 2, kv: 2, r2: 2, d1: 2 });
  });
});

describe("a Secrets Store binding", () => {
  test("gives the secret, or says which one is not there", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const code = `export default { async fetch(request, env) {
      return Response.json([await env.THERE.get(), await env.GONE.get().catch((error) => error.message)]);
    } }`;
    const secret = { type: "secrets_store_secret", store_id: "s" } as const;

    // WHEN
    const url = await put(
      opened.host,
      script("keeps", code, {
        bindings: [
          { ...secret, name: "THERE", secret_name: "there", text: canary("a secret of a store") },
          { ...secret, name: "GONE", secret_name: "gone" },
        ],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toEqual([
      canary("a secret of a store"),
      'Secret "gone" not found',
    ]);
  });
});
