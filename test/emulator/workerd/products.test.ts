import { afterEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { counting, eventually, openBindingServer, openHost, put, script } from "./host-fixture.js";
import { killWorkerd } from "./processes.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const text = async (url: string) => await (await fetch(url)).text();

async function directory(): Promise<string> {
  const path = temporaryFolder("worker-storage-");
  open.push({ close: () => removeFolder(path) });
  return path;
}

const counter = `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Counter extends DurableObject {
  add() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS t (n INTEGER)");
    this.ctx.storage.sql.exec("INSERT INTO t VALUES (1)");
    return this.ctx.storage.sql.exec("SELECT count(*) AS n FROM t").one().n;
  }
}
export class Admin extends WorkerEntrypoint { hello(name) { return "hello " + name; } }
`;

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

describe("bindings to another script", () => {
  const asks = `export default { async fetch(request, env) {
    const answer = async (ask) => { try { return await ask(); } catch (error) { return error.message; } };
    return Response.json({
      object: await answer(() => env.COUNTER.get(env.COUNTER.idFromName("a")).add()),
      service: await answer(async () => (await env.SERVICE.fetch("https://x/")).text()),
      admin: await answer(() => env.ADMIN.hello("you")),
    });
  } }`;
  const bindings = [
    {
      type: "durable_object_namespace",
      name: "COUNTER",
      class_name: "Counter",
      script_name: "owner",
    },
    { type: "service", name: "SERVICE", service: "owner" },
    { type: "service", name: "ADMIN", service: "owner", entrypoint: "Admin" },
  ] as const;

  test("say what is missing until it is deployed, then lead there", async () => {
    // GIVEN a script whose neighbour is not there
    const opened = await openHost();
    open.push(opened);
    const url = await put(opened.host, script("asks", asks, { bindings }));
    const missing = (await (await fetch(url)).json()) as Record<string, string>;
    expect(Object.values(missing)).toEqual(
      Array.from(
        { length: 3 },
        () => expect.stringContaining('Worker "owner" is not deployed') as unknown as string,
      ),
    );

    // WHEN
    await put(
      opened.host,
      script("owner", `${counter} export default { fetch: () => new Response("owner") }`, {
        durableObjects: [{ className: "Counter", storageKey: "k", sqlite: true }],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toEqual({
      object: 1,
      service: "owner",
      admin: "hello you",
    });

    // AND when it goes
    await opened.host.remove(script("owner", "").accountId, "owner");
    expect(await text(url)).toContain("is not deployed");
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

describe("Workers that store, side by side", () => {
  test("lose nothing when one of them goes, which does nothing any more in the background", async () => {
    // GIVEN two Workers, one of which has an alarm
    const opened = await openHost();
    open.push(opened);
    const { host, log } = opened;
    const kept = await put(host, counting);
    const ticking = await put(
      host,
      script(
        "ticking",
        `import { DurableObject } from "cloudflare:workers";
        export class Clock extends DurableObject {
          async fetch() { await this.ctx.storage.setAlarm(Date.now()); return new Response("on"); }
          async alarm() { console.log("tick"); await this.ctx.storage.setAlarm(Date.now() + 50); }
        }
        export default { fetch: (request, env) => env.CLOCK.get(env.CLOCK.idFromName("a")).fetch(request) }`,
        {
          bindings: [{ type: "durable_object_namespace", name: "CLOCK", class_name: "Clock" }],
          durableObjects: [{ className: "Clock", storageKey: "clock", sqlite: true }],
        },
      ),
    );
    await fetch(ticking);
    await eventually(() => log.filter((line) => line.includes("tick")).length > 2);
    expect(await text(kept)).toBe("1");

    // WHEN
    await host.remove(counting.accountId, "ticking");

    // THEN
    const ticks = log.length;
    expect(await text(kept)).toBe("2");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(log.slice(ticks)).toEqual([]);
  });

  test("cannot have the objects of one class both", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const owns = {
      durableObjects: [{ className: "Counter", storageKey: "one-key", sqlite: true }],
    };
    const code = `${counter} export default {}`;
    await opened.host.deploy(script("first", code, owns));

    // WHEN / THEN
    await expect(opened.host.deploy(script("second", code, owns))).rejects.toThrow(
      'The objects of class "Counter" belong to Worker "first"',
    );

    // AND it moves when both change in one turn
    await Promise.all([
      opened.host.deploy(script("first", "export default {}")),
      opened.host.deploy(script("second", code, owns)),
    ]);
  });
});

describe("the ai binding", () => {
  test("works from a fetch, a Durable Object and a step of a Workflow", async () => {
    // GIVEN
    const server = await openBindingServer((_req, res) => {
      res.setHeader("content-type", "application/json");
      res.end(JSON.stringify({ result: { response: "hi" }, success: true }));
    });
    open.push(server);
    const opened = await openHost({
      binding: { address: server.address, token: canary("the token of the bindings") },
    });
    open.push(opened);
    const code = `
      import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
      const ask = async (env) => (await env.AI.gateway("g").run([{ provider: "p", endpoint: "e", headers: {}, query: {} }])).status;
      export class Asks extends DurableObject { ask() { return ask(this.env); } }
      export class Flow extends WorkflowEntrypoint {
        async run(event, step) { return await step.do("ask", () => ask(this.env)); }
      }
      export default { async fetch(request, env) {
        const instance = await env.FLOW.create();
        let status;
        do { await scheduler.wait(20); status = await instance.status(); } while (!["complete", "errored"].includes(status.status));
        return Response.json([await ask(env), await env.ASKS.get(env.ASKS.idFromName("a")).ask(), status.output]);
      } }`;

    // WHEN
    const url = await put(
      opened.host,
      script("asks", code, {
        bindings: [
          { type: "ai", name: "AI" },
          { type: "durable_object_namespace", name: "ASKS", class_name: "Asks" },
          { type: "workflow", name: "FLOW", workflow_name: "flow", class_name: "Flow" },
        ],
        durableObjects: [{ className: "Asks", storageKey: "asks", sqlite: true }],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toEqual([200, 200, 200]);
  });
});
