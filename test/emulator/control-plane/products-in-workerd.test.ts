import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../../emulator/index.js";
import { canary, watchSecret } from "../../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { upload } from "./start-api.js";

jest.setTimeout(60_000);

const KEY = canary("a secret of a store");

let directory: string;
let emulator: Emulator;
const start = async () => {
  emulator = await startEmulator({ stateDirectory: directory, announce: false });
  watchSecret("an emulator's API token", emulator.apiToken);
};
beforeEach(async () => {
  directory = temporaryFolder("products-");
  await start();
});
afterEach(async () => {
  await emulator.close();
  await removeFolder(directory);
});

// biome-ignore lint/suspicious/noExplicitAny: a test reads any shape, and fails when it is not there.
const call = async (method: string, path: string, body?: unknown): Promise<any> => {
  const response = await fetch(`${emulator.apiUrl}/accounts/${emulator.accountId}${path}`, {
    method,
    headers: { authorization: `Bearer ${emulator.apiToken}` },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  return response.json();
};
const made = async (path: string, body: unknown) => (await call("POST", path, body)).result;

const code = `export default {
  async fetch(request, env) {
    if (request.method === "POST") await env.JOBS.send(await request.text());
    if (request.method === "PUT") await env.FILES.put("one", "content");
    if (request.method === "DELETE") await env.FILES.delete("one");
    return Response.json({ key: await env.KEY.get(), last: await env.KV.get("last") });
  },
  async queue(batch, env) {
    for (const { body } of batch.messages) await env.KV.put("last", body);
  },
};`;

async function deploy(): Promise<void> {
  const { id: namespace_id } = await made("/storage/kv/namespaces", { title: "results" });
  await made("/r2/buckets", { name: "files" });
  const { queue_id } = await made("/queues", { queue_name: "jobs" });
  const [{ id: store_id }] = await made("/secrets_store/stores", [{ name: "default" }]);
  const secret = { name: "KEY", value: KEY, scopes: ["workers"] };
  await made(`/secrets_store/stores/${store_id}/secrets`, [secret]);
  const bindings = [
    { type: "kv_namespace", name: "KV", namespace_id },
    { type: "r2_bucket", name: "FILES", bucket_name: "files" },
    { type: "queue", name: "JOBS", queue_name: "jobs" },
    { type: "secrets_store_secret", name: "KEY", store_id, secret_name: "KEY" },
  ];
  const metadata = { main_module: "main.js", compatibility_date: "2026-01-01", bindings };
  await call("PUT", "/workers/scripts/worker", upload(metadata, { "main.js": code }));
  await call("POST", "/workers/scripts/worker/subdomain", { enabled: true });
  await made(`/queues/${queue_id}/consumers`, {
    type: "worker",
    script_name: "worker",
    settings: { batch_size: 1, max_wait_time_ms: 0 },
  });
}

const worker = async (method: string, body?: string) => {
  const { url } = (await call("GET", "/emulator/workers/worker")).result;
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body }) });
  return (await response.json()) as { key: string; last: string | null };
};

test("what a Worker binds is made by the API, works in workerd, and outlives the emulator", async () => {
  // GIVEN
  await deploy();
  // WHEN a message goes through the queue to the consumer, and from there to KV
  const { key } = await worker("POST", "first");
  while ((await worker("GET")).last !== "first") await new Promise(setImmediate);
  await emulator.close();
  await start();
  // THEN
  expect(key).toBe(KEY);
  expect(await worker("GET")).toEqual({ key: KEY, last: "first" });
  await worker("POST", "second");
  while ((await worker("GET")).last !== "second") await new Promise(setImmediate);
});

test("a bucket that holds an object is not deleted, an empty one is", async () => {
  await deploy();
  await worker("PUT");

  const refused = await call("DELETE", "/r2/buckets/files");
  await worker("DELETE");
  await call("DELETE", "/workers/scripts/worker");
  let deleted = await call("DELETE", "/r2/buckets/files");
  // The object's content leaves the disk a moment after the object.
  while (!deleted.success) deleted = await call("DELETE", "/r2/buckets/files");

  expect(refused.errors[0].code).toBe(10008);
  expect((await call("GET", "/r2/buckets/files")).errors[0].code).toBe(10006);
});
