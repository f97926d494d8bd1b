/**
 * One server of the data plane's benchmark in a process of its own; `data-plane.ts` starts it.
 * Says its port to its parent and ends with it.
 */
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { systemClock } from "../emulator/clock.js";
import { createDataPlane } from "../emulator/data-plane/data-plane.js";
import { uuidV7 } from "../emulator/ids.js";
import { createLogStore } from "../emulator/logs/create-log-store.js";
import type { Gateway } from "../emulator/state/gateway.js";
import { gatewayDefaults } from "../protocol/gateway-settings.js";

const completion = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1767225600,
  model: "gpt-4o-mini",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "A short answer of some words. ".repeat(20) },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 12, completion_tokens: 120, total_tokens: 132 },
});

const TOKENS = 10;
const TOKEN_MS = 20;

/** A provider that costs next to nothing: bytes on a socket, no HTTP library. */
function startProvider(): net.Server {
  const whole = Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(completion)}\r\n\r\n${completion}`,
  );
  const head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  const event = 'data: {"choices":[{"delta":{"content":"token "}}]}\n\n';
  const chunk = `${event.length.toString(16)}\r\n${event}\r\n`;
  return net.createServer((socket) => {
    socket.setNoDelay(true);
    let pending = "";
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      pending += bytes.toString("latin1");
      const end = pending.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0);
      const chunked = /transfer-encoding: chunked/i.test(pending);
      if (chunked ? !pending.endsWith("0\r\n\r\n") : pending.length < end + 4 + length) return;
      const streams = pending.includes('"stream":true');
      pending = "";
      if (!streams) return void socket.write(whole);
      socket.write(head + chunk);
      let left = TOKENS - 1;
      const timer = setInterval(() => {
        if (socket.destroyed || left-- === 0) {
          clearInterval(timer);
          if (!socket.destroyed) socket.write("0\r\n\r\n");
        } else socket.write(chunk);
      }, TOKEN_MS);
    });
  });
}

/** The least a server on `node:http` can do. */
function startBareServer(): http.Server {
  return http.createServer((request, response) => {
    request.resume();
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(completion),
    });
    response.end(completion);
  });
}

/** The least a proxy on `node:http` can do. */
function startBareProxy(provider: URL): http.Server {
  const agent = new http.Agent({ keepAlive: true });
  return http.createServer((request, response) => {
    const outgoing = http.request(
      {
        agent,
        host: provider.hostname,
        port: provider.port,
        method: request.method,
        path: request.url,
        headers: request.headers,
      },
      (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    request.pipe(outgoing);
  });
}

/** The emulator's data plane as it runs: real clock, log rows and bodies on disk. */
function startEmulator(provider: URL): http.Server {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "data-plane-bench-"));
  process.on("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  const made = { ...gatewayDefaults, created_at: "", modified_at: "", is_default: false };
  // A full log would take no more rows, and the figures would be without logging.
  const open: Gateway = {
    ...made,
    id: "open",
    log_management: 10_000_000,
    log_management_strategy: "DELETE_OLDEST",
  };
  const gateways: Record<string, Gateway> = {
    open,
    cached: { ...open, id: "cached", cache_ttl: 3600 },
  };
  const dataPlane = createDataPlane({
    gateways: { get: (_account, id) => gateways[id], subscribe: () => () => {} },
    logs: createLogStore({ directory }),
    clock: systemClock,
    ids: () => uuidV7(systemClock),
    apiToken: "token",
    bindingToken: "binding",
    gatewayUrl: () => "",
    upstreams: { openai: { baseUrl: `${provider.origin}/v1` } },
  });
  return http.createServer((request, response) => dataPlane.handle(request, response));
}

const [role, providerUrl = "http://127.0.0.1:1"] = process.argv.slice(2);
const provider = new URL(providerUrl);
const server =
  role === "provider"
    ? startProvider()
    : role === "bare"
      ? startBareServer()
      : role === "proxy"
        ? startBareProxy(provider)
        : startEmulator(provider);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit(0));
