import { describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { closedAfterEach } from "./closed-after-each.js";
import { openHost, put, script } from "./host-fixture.js";
import { killWorkerd } from "./processes.js";

const open = closedAfterEach();

/** Counts in KV how often each step ran, which a restart does not forget. */
const flow = `
import { WorkflowEntrypoint } from "cloudflare:workers";
const count = async (env, name) => {
  const n = Number(await env.RAN.get(name) ?? 0) + 1;
  await env.RAN.put(name, String(n));
  return n;
};
export class Flow extends WorkflowEntrypoint {
  async run(event, step) {
    const first = await step.do("first", () => count(this.env, "first"));
    if (event.payload.sleepMs) await step.sleep("nap", event.payload.sleepMs);
    await step.do("slow", { retries: { limit: 3, delay: 10 } }, async () => {
      await count(this.env, "slow");
      if ((await this.env.RAN.get("gate")) === "shut") await scheduler.wait(60_000);
    });
    if (event.payload.waits) await step.waitForEvent("signal", { type: "go", timeout: "1 minute" });
    const last = await step.do("last", () => count(this.env, "last"));
    return { first, last, given: event.payload.given };
  }
}
export default { async fetch(request, env) {
  const url = new URL(request.url);
  const [, verb, id] = url.pathname.split("/");
  try {
    if (verb === "create") return Response.json(await (await env.FLOW.create({ id, params: await request.json() })).status());
    if (verb === "batch") return Response.json((await env.FLOW.createBatch(await request.json())).map(({ id }) => id));
    if (verb === "gate") { await env.RAN.put("gate", id); return new Response(id); }
    if (verb === "ran") return Response.json({ first: await env.RAN.get("first"), slow: await env.RAN.get("slow"), last: await env.RAN.get("last") });
    const instance = await env.FLOW.get(id);
    if (verb === "send") await instance.sendEvent({ type: "go", payload: 1 });
    if (verb === "terminate") await instance.terminate();
    if (verb === "restart") await instance.restart();
    if (verb === "pause") await instance.pause();
    if (verb === "resume") await instance.resume();
    const { status, output, error } = await instance.status();
    return Response.json({ status, output, error });
  } catch (error) { return new Response(error.message, { status: 500 }); }
} }`;

const deployed = script("flow", flow, {
  bindings: [
    { type: "workflow", name: "FLOW", workflow_name: "flow", class_name: "Flow" },
    { type: "kv_namespace", name: "RAN", namespace_id: "ran" },
  ],
});

async function openFlow(options: Parameters<typeof openHost>[0] = {}) {
  const opened = await openHost(options);
  open.push(opened);
  const url = await put(opened.host, deployed);
  const create = async (id: string, params: object = {}) =>
    await fetch(`${url}/create/${id}`, { method: "POST", body: JSON.stringify(params) });
  const ask = async (path: string) => (await (await fetch(`${url}${path}`)).json()) as State;
  return { ...opened, url, create, ask };
}

interface State {
  readonly status: string;
  readonly output?: unknown;
  readonly first?: string;
  readonly slow?: string;
  readonly last?: string;
}

async function until(check: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error("It did not come to pass.");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe("a Workflow that is interrupted", () => {
  test.each([
    ["a new version", "deploy"],
    ["the death of workerd", "kill workerd"],
    ["the death of the process around it", "kill all"],
    ["a new emulator", "reopen"],
  ])("in the middle of a step goes on by itself after %s", async (_what, how) => {
    // GIVEN an instance in a step that does not end
    const directory = temporaryFolder("workflow-");
    open.push({ close: () => removeFolder(directory) });
    const before = await openFlow({ directory });
    await fetch(`${before.url}/gate/shut`);
    await before.create("one", { given: "kept" });
    await until(async () => (await before.ask("/ran")).slow === "1");
    expect((await before.ask("/status/one")).status).toBe("running");
    await fetch(`${before.url}/gate/open`);

    // WHEN
    let { ask } = before;
    if (how === "deploy")
      await before.host.deploy({ ...deployed, compatibilityDate: "2026-04-02" });
    else if (how === "reopen") {
      await before.host.close();
      ({ ask } = await openFlow({ directory }));
    } else await killWorkerd({ around: how === "kill all" });

    // THEN nobody touches the instance, and yet its last step runs
    await until(async () => (await ask("/ran")).last === "1");
    expect(await ask("/ran")).toEqual({ first: "1", slow: "2", last: "1" });
    await until(async () => (await ask("/status/one")).status === "complete");
    expect((await ask("/status/one")).output).toEqual({ first: 1, last: 1, given: "kept" });
  });

  test("while it sleeps wakes when its time has come", async () => {
    // GIVEN
    const { ask, create } = await openFlow();
    await create("one", { sleepMs: 3_000 });
    await until(async () => (await ask("/ran")).first === "1");
    const asleepSince = Date.now();

    // WHEN
    await killWorkerd();
    expect((await ask("/ran")).slow).toBeNull();

    // THEN
    await until(async () => (await ask("/ran")).last === "1");
    expect(Date.now() - asleepSince).toBeGreaterThan(2_000);
    expect((await ask("/ran")).first).toBe("1");
  });

  test("goes on however often it was interrupted", async () => {
    // GIVEN
    const { ask, create, host } = await openFlow();
    await create("one", { waits: true });
    await until(async () => (await ask("/ran")).slow === "1");

    // WHEN
    for (let day = 10; day < 20; day += 1) {
      await host.deploy({ ...deployed, compatibilityDate: `2026-03-${day}` });
    }
    await ask("/send/one");

    // THEN
    await until(async () => (await ask("/status/one")).status === "complete");
    expect(await ask("/ran")).toEqual({ first: "1", slow: "1", last: "1" });
  });

  test("wakes from its sleep however often it was interrupted", async () => {
    // GIVEN
    const { ask, create, host } = await openFlow();
    await create("one", { sleepMs: 8_000 });
    await until(async () => (await ask("/ran")).first === "1");

    // WHEN
    for (let day = 10; day < 20; day += 1) {
      await host.deploy({ ...deployed, compatibilityDate: `2026-03-${day}` });
    }

    // THEN
    await until(async () => (await ask("/ran")).last === "1", 20_000);
    expect(await ask("/ran")).toEqual({ first: "1", slow: "1", last: "1" });
  });

  test("is not lost when that happens right after create has answered", async () => {
    // GIVEN
    const { ask, create } = await openFlow();

    // WHEN
    expect((await create("one")).status).toBe(200);
    await killWorkerd();

    // THEN
    await until(async () => (await ask("/status/one")).status === "complete");
  });

  test("while it waits for an event takes one that is sent afterwards", async () => {
    // GIVEN
    const { ask, create } = await openFlow();
    await create("one", { waits: true });
    await until(async () => (await ask("/ran")).slow === "1");

    // WHEN
    await killWorkerd();
    await ask("/send/one");

    // THEN
    await until(async () => (await ask("/status/one")).status === "complete");
    expect(await ask("/ran")).toEqual({ first: "1", slow: "1", last: "1" });
  });
});

describe("an instance of a Workflow", () => {
  test("is not made a second time under the same id", async () => {
    // GIVEN
    const { ask, create, url } = await openFlow();
    await create("one");
    await until(async () => (await ask("/status/one")).status === "complete");

    // WHEN
    const again = await create("one");
    const batch = await fetch(`${url}/batch`, {
      method: "POST",
      body: JSON.stringify([{ id: "one" }, { id: "two" }]),
    });

    // THEN
    expect([again.status, await again.text()]).toEqual([
      500,
      expect.stringContaining("already exists"),
    ]);
    expect(await batch.json()).toEqual(["two"]);
    await until(async () => (await ask("/status/two")).status === "complete");
    expect((await ask("/ran")).first).toBe("2");
  });

  test("can be terminated, restarted, paused and resumed", async () => {
    // GIVEN
    const { ask, create } = await openFlow();
    await create("one", { sleepMs: 60_000 });
    await until(async () => (await ask("/ran")).first === "1");

    // WHEN / THEN
    expect((await ask("/terminate/one")).status).toBe("terminated");
    await ask("/restart/one");
    await until(async () => (await ask("/ran")).first === "2");
    await create("two", { waits: true });
    await until(async () => (await ask("/ran")).slow === "1");
    await ask("/pause/two");
    await until(async () => (await ask("/status/two")).status === "paused");
    await ask("/resume/two");
    await until(async () => (await ask("/status/two")).status === "running");
    await ask("/send/two");
    await until(async () => (await ask("/status/two")).status === "complete");
  });

  test("is forgotten when the Workflow's storage is dropped", async () => {
    // GIVEN
    const { host, create, url } = await openFlow();
    await create("one");

    // WHEN
    await host.dropStorage("workflow", "flow");

    // THEN
    expect(await (await fetch(`${url}/status/one`)).text()).toContain("instance.not_found");
  });
});
