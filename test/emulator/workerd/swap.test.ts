import { once } from "node:events";
import { describe, expect, test } from "@jest/globals";
import WebSocket from "ws";
import { ScriptRefusedError } from "../../../emulator/workerd/uploaded-script.js";
import { closedAfterEach } from "./closed-after-each.js";
import { eventually, openHost, put, script } from "./host-fixture.js";
import { hostProcesses } from "./processes.js";

const open = closedAfterEach();

const counts = (version: string) => `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async add() {
    const n = (await this.ctx.storage.get("n") ?? 0) + 1;
    await this.ctx.storage.put("n", n);
    return n;
  }
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(socket, message) { socket.send(message); }
}
export default { async fetch(request, env) {
  const object = env.COUNTER.get(env.COUNTER.idFromName("a"));
  if (request.headers.get("upgrade") === "websocket") return object.fetch(request);
  if (request.url.endsWith("/slow")) await scheduler.wait(60_000);
  return Response.json(["${version}", await object.add()]);
} }`;

const stateful = (version: string, code = counts(version)) =>
  script("counts", code, {
    bindings: [{ type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" }],
    durableObjects: [{ className: "Counter", storageKey: "k", sqlite: true }],
  });

describe("a new version of a Worker that stores", () => {
  test("takes over under load of 16 clients: requests wait, none fails, no count is lost", async () => {
    // GIVEN 16 clients that ask without a pause
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, stateful("v0"));
    const versions = new Set<string>();
    const numbers = new Set<number>();
    const failures: string[] = [];
    let slowest = 0;
    let asked = 0;
    let running = true;
    const client = async () => {
      while (running) {
        const began = performance.now();
        asked += 1;
        try {
          const response = await fetch(url);
          const [version, n] = (await response.json()) as [string, number];
          versions.add(version);
          numbers.add(n);
        } catch (error) {
          failures.push(String(error));
        }
        slowest = Math.max(slowest, performance.now() - began);
      }
    };
    const clients = Array.from({ length: 16 }, client);

    // WHEN four versions and a broken one are deployed
    for (const version of ["v1", "v2", "v3", "v4"]) {
      await host.deploy(stateful(version));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const refused = await host.deploy(stateful("v5", "throw new Error('bad')")).catch((e) => e);
    running = false;
    await Promise.all(clients);

    // THEN
    expect(failures).toEqual([]);
    expect(refused).toBeInstanceOf(ScriptRefusedError);
    expect([...versions].sort()).toEqual(["v0", "v1", "v2", "v3", "v4"]);
    expect(numbers.size).toBe(asked);
    expect(slowest).toBeLessThan(5_000);
    if (process.env.FIGURES) console.log({ asked, slowest });
  });

  test("is refused when it does not start, and the running one has not stopped", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, stateful("v0"));
    await fetch(url);
    const before = hostProcesses().map(({ pid }) => pid);

    // WHEN
    await expect(host.deploy(stateful("v1", "throw new Error('bad')"))).rejects.toThrow("bad");

    // THEN
    expect(await (await fetch(url)).json()).toEqual(["v0", 2]);
    expect(hostProcesses().map(({ pid }) => pid)).toEqual(before);
  });

  test("tells WebSockets that the service restarts", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, stateful("v0"));
    const socket = new WebSocket(url);
    await once(socket, "open");
    socket.send("hello");
    await once(socket, "message");
    const closed = once(socket, "close");

    // WHEN
    const began = performance.now();
    await host.deploy(stateful("v1"));

    // THEN
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1012, "service restart"]);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  test("waits only so long for what the old one has begun", async () => {
    // GIVEN
    const { host, ...opened } = await openHost({ limits: { drainMs: 300 } });
    open.push(opened);
    const url = await put(host, stateful("v0"));
    const stuck = fetch(`${url}/slow`);
    await fetch(url);

    // WHEN
    await host.deploy(stateful("v1"));

    // THEN
    expect((await stuck).status).toBe(502);
    expect(await (await fetch(url)).json()).toEqual(["v1", 2]);
  });

  test("leaves one workerd behind, also after a change from storing to not storing and back", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, stateful("v0"));
    await fetch(url);

    // WHEN
    await host.deploy(script("counts", "export default { fetch: () => new Response('plain') }"));
    expect(await (await fetch(url)).text()).toBe("plain");
    await host.deploy(stateful("v1"));

    // THEN
    expect(await (await fetch(url)).json()).toEqual(["v1", 2]);
    await eventually(
      () => hostProcesses().filter(({ command }) => / serve /.test(command)).length === 1,
    );
  });
});
