import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../../emulator/clock.js";
import { createWorkerHost } from "../../../emulator/workerd/create-worker-host.js";
import type { ScriptBinding, UploadedScript } from "../../../emulator/workerd/uploaded-script.js";
import type {
  RestartableWorkerHost,
  WorkerHostOptions,
} from "../../../emulator/workerd/worker-host-options.js";
import { canary } from "../../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const TOKEN = canary("the token of the bindings");

/** A host on free ports with a folder of its own; everything ends with `close`. */
export async function openHost(options: Partial<WorkerHostOptions> = {}): Promise<{
  host: RestartableWorkerHost;
  log: string[];
  directory: string;
  close(): Promise<void>;
}> {
  const directory = temporaryFolder("worker-host-");
  const log: string[] = [];
  const host = createWorkerHost({
    binding: { address: "127.0.0.1:9", token: TOKEN },
    directory,
    ports: new Map(),
    log: (line) => log.push(line),
    clock: systemClock,
    ...options,
  });
  return {
    host,
    log,
    directory,
    async close() {
      await host.close();
      await removeFolder(directory);
    },
  };
}

export function script(
  name: string,
  code: string,
  more: Partial<UploadedScript> & { bindings?: readonly ScriptBinding[] } = {},
): UploadedScript {
  return {
    accountId: ACCOUNT,
    name,
    mainModule: "index.js",
    modules: [{ name: "index.js", type: "ESModule", content: new TextEncoder().encode(code) }],
    compatibilityDate: "2026-04-01",
    compatibilityFlags: [],
    bindings: [],
    ...more,
  };
}

/** Code that answers a text. */
export const answers = (text: string): string =>
  `export default { fetch: () => new Response(${JSON.stringify(text)}) }`;

/** Answers how often it was asked, ever. */
export const counting = script(
  "one",
  `export default { async fetch(request, env) {
    const n = Number(await env.KV.get("n") ?? 0) + 1;
    await env.KV.put("n", String(n));
    return new Response(String(n));
  } }`,
  { bindings: [{ type: "kv_namespace", name: "KV", namespace_id: "numbers" }] },
);

/** Code of a class whose objects count, and of an entrypoint beside it. */
export const counter = `
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

/** Deploys a script, makes it public and says where it is. */
export async function put(host: RestartableWorkerHost, deployed: UploadedScript): Promise<string> {
  await host.deploy(deployed);
  host.setPublic(deployed.accountId, deployed.name, true);
  return await host.url(deployed.accountId, deployed.name);
}

/** What a Worker answers. */
export const textOf = async (url: string): Promise<string> => await (await fetch(url)).text();

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** A server for the `AI` binding's inner protocol. */
export async function openBindingServer(
  handler: Handler,
): Promise<{ address: string; close(): Promise<void> }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export async function readBody(req: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of req) body += chunk;
  return body;
}

/** Assets on disk, named by the URL paths they are served at. */
export async function writeAssets(
  directory: string,
  files: Record<string, { content: string; contentType: string }>,
  config: Record<string, unknown> = {},
): Promise<NonNullable<UploadedScript["assets"]>> {
  const written = Object.entries(files).map(async ([path, { content, contentType }], index) => {
    const file = join(directory, `blob-${index}-${Math.random().toString(36).slice(2)}`);
    await writeFile(file, content);
    return { path, contentType, file };
  });
  return { files: await Promise.all(written), config };
}

export async function eventually(check: () => boolean, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!check()) {
    if (Date.now() > end) throw new Error("It did not come to pass.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
