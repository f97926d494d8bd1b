import { request } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { eventually, openBindingServer, openHost, put, script, TOKEN } from "./host-fixture.js";

const open = closedAfterEach();

const forwarding = `export default { async fetch(request, env) {
  return await env.AI.gateway("g").run({ provider: "p", endpoint: "e", headers: {}, query: {} });
} }`;
const ai = { bindings: [{ type: "ai", name: "AI" }] } as const;

async function openForwarding(handler: Parameters<typeof openBindingServer>[0]): Promise<string> {
  const server = await openBindingServer(handler);
  open.push(server);
  const opened = await openHost({ binding: { address: server.address, token: TOKEN } });
  open.unshift(opened);
  return await put(opened.host, script("chat", forwarding, ai));
}

describe("streams through a Worker", () => {
  test("headers and every event arrive when they are sent, not when the stream ends", async () => {
    // GIVEN a provider that answers at once and then sends an event every 100 ms
    const url = await openForwarding((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.flushHeaders();
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        res.write(`data: ${sent}\n\n`);
        if (sent < 5) return;
        clearInterval(timer);
        res.end();
      }, 100);
    });
    await fetch(url).then((response) => response.text());

    // WHEN
    const start = performance.now();
    const response = await fetch(url);
    const headersAt = performance.now() - start;
    const at: number[] = [];
    let text = "";
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      at.push(performance.now() - start);
    }

    // THEN
    expect(text).toBe("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\ndata: 5\n\n");
    expect(headersAt).toBeLessThan(80);
    expect(at).toHaveLength(5);
    expect((at[4] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(300);
  });

  test("a request body reaches the Worker while it is still being sent", async () => {
    // GIVEN a Worker that answers with the first chunk it reads
    const opened = await openHost();
    open.push(opened);
    const url = await put(
      opened.host,
      script(
        "echo",
        "export default { async fetch(r) { const { value } = await r.body.getReader().read(); return new Response(value); } }",
      ),
    );

    // WHEN the body is begun and never ended
    const outgoing = request(url, { method: "POST" });
    outgoing.on("error", () => {});
    outgoing.write("first");
    const text = await new Promise<string>((resolve) =>
      outgoing.on("response", (res) => res.once("data", (chunk) => resolve(String(chunk)))),
    );
    outgoing.destroy();

    // THEN
    expect(text).toBe("first");
  });

  test("a client that leaves before the answer ends the provider's call", async () => {
    // GIVEN a provider that never answers
    let arrived = false;
    let closed = false;
    const url = await openForwarding((_req, res) => {
      arrived = true;
      res.on("close", () => {
        closed = true;
      });
    });

    // WHEN
    const outgoing = request(url);
    outgoing.on("error", () => {});
    outgoing.end();
    await eventually(() => arrived);
    outgoing.destroy();

    // THEN
    await eventually(() => closed, 1_000);
  });

  test("a client that leaves in mid-stream ends the provider's call", async () => {
    // GIVEN a provider that sends one event and then keeps the stream open
    let closed = false;
    const url = await openForwarding((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write("data: 1\n\n");
      res.on("close", () => {
        closed = true;
      });
    });

    // WHEN
    const abort = new AbortController();
    const response = await fetch(url, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();

    // THEN
    await eventually(() => closed, 1_000);
  });
});
