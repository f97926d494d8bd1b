import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { type Answer, type Api, startApi, upload } from "./start-api.js";

const code = "export class Room {}\nexport default { fetch: () => new Response('ok') };";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const put = (metadata: object, script = "chat"): Promise<Answer> =>
  api.call(
    "PUT",
    `/workers/scripts/${script}`,
    upload({ main_module: "main.js", ...metadata }, { "main.js": code }),
  );
const bound = (script = "chat") => api.host.running.get(script)?.bindings;
const names = (script = "chat") => bound(script)?.map(({ name }) => name);

async function make(path: string, body: object): Promise<Record<string, string>> {
  const { status, text, json } = await api.call("POST", path, body);
  if (status >= 300) throw new Error(text);
  return json.result;
}

describe("a binding to something of the account", () => {
  test("reaches the Worker in every kind there is", async () => {
    const kv = await make("/storage/kv/namespaces", { title: "cache" });
    const database = await make("/d1/database", { name: "people" });
    await make("/r2/buckets", { name: "files" });
    await make("/queues", { queue_name: "jobs" });
    await put({}, "other");
    const bindings = [
      { type: "kv_namespace", name: "KV", namespace_id: kv.id },
      { type: "d1", name: "DB", id: database.uuid },
      { type: "r2_bucket", name: "FILES", bucket_name: "files" },
      { type: "queue", name: "JOBS", queue_name: "jobs", delivery_delay: 5 },
      { type: "service", name: "OTHER", service: "other", entrypoint: "Api" },
      { type: "service", name: "SELF", service: "chat", environment: "production" },
      { type: "workflow", name: "FLOW", workflow_name: "flow", class_name: "Flow" },
      { type: "durable_object_namespace", name: "ROOM", class_name: "Room" },
      {
        type: "ratelimit",
        name: "LIMIT",
        namespace_id: "1001",
        simple: { limit: 10, period: 60 },
      },
      { type: "version_metadata", name: "VERSION" },
      { type: "analytics_engine", name: "EVENTS", dataset: "events" },
    ];

    const { status } = await put({
      bindings,
      migrations: { new_tag: "v1", new_sqlite_classes: ["Room"] },
    });

    expect(status).toBe(200);
    expect(bound()).toEqual(bindings);
    const settings = await api.call("GET", "/workers/scripts/chat/settings");
    expect(settings.json.result.bindings.map(({ name }: { name: string }) => name)).toEqual([
      "DB",
      "EVENTS",
      "FILES",
      "FLOW",
      "JOBS",
      "KV",
      "LIMIT",
      "OTHER",
      "ROOM",
      "SELF",
      "VERSION",
    ]);
    const [restored] = await api.state.scripts();
    expect(restored?.script.bindings).toEqual(bindings);
  });

  test.each<[string, object, number]>([
    ["a KV namespace", { type: "kv_namespace", namespace_id: "0".repeat(32) }, 10041],
    ["a bucket", { type: "r2_bucket", bucket_name: "nothing" }, 10085],
    ["a database", { type: "d1", id: "no-uuid" }, 10181],
    ["a queue", { type: "queue", queue_name: "nothing" }, 11000],
    ["a Worker", { type: "service", service: "nobody" }, 10144],
    ["a secret", { type: "secrets_store_secret", store_id: "s", secret_name: "k" }, 10182],
    ["a class", { type: "durable_object_namespace", class_name: "Room" }, 10061],
    [
      "the workflow of a Worker",
      { type: "workflow", workflow_name: "w", class_name: "W", script_name: "nobody" },
      10007,
    ],
  ])("%s that does not exist is refused with its own code", async (_, binding, code) => {
    const { status, json } = await put({ bindings: [{ name: "THING", ...binding }] });

    expect([status, json.errors.map((error: { code: number }) => error.code)]).toEqual([
      400,
      [code],
    ]);
    expect(api.host.deploys).toBe(0);
  });

  test("tells of all that are missing at once", async () => {
    const { json } = await put({
      bindings: [
        { type: "kv_namespace", name: "KV", namespace_id: "x" },
        { type: "queue", name: "JOBS", queue_name: "nothing" },
      ],
    });

    expect(json.errors).toEqual([
      { code: 10041, message: "No KV namespace found with ID x" },
      { code: 11000, message: 'Queue "nothing" does not exist. Please create it and try again.' },
    ]);
  });

  test.each<[string, object]>([
    [
      "a period a rate limit cannot have",
      { type: "ratelimit", namespace_id: "1", simple: { limit: 1, period: 30 } },
    ],
    ["a field there is not", { type: "ai", colour: "red" }],
    ["no value", { type: "json" }],
    ["a version that is not the latest", { type: "inherit", version_id: "1" }],
  ])("with %s is a 400", async (_, binding) => {
    const { status, json } = await put({ bindings: [{ name: "A", ...binding }] });

    expect([status, json.errors[0].code]).toEqual([400, 10026]);
  });
});

describe("a binding of the version before", () => {
  beforeEach(() =>
    put({
      bindings: [
        { type: "secret_text", name: "KEY", text: canary("a Worker's secret") },
        { type: "plain_text", name: "GREETING", text: "hi" },
        { type: "ai", name: "AI" },
      ],
    }),
  );

  test("is inherited by its name, and may get a new one", async () => {
    const { status } = await put({
      bindings: [
        { type: "inherit", name: "GREETING" },
        { type: "inherit", name: "TOKEN", old_name: "KEY", version_id: "latest" },
      ],
    });

    expect(status).toBe(200);
    expect(bound()).toEqual([
      { type: "plain_text", name: "GREETING", text: "hi" },
      { type: "secret_text", name: "TOKEN", text: canary("a Worker's secret") },
    ]);
  });

  test("is kept by its type, unless the upload has the name", async () => {
    await put({
      keep_bindings: ["secret_text", "plain_text"],
      bindings: [{ type: "plain_text", name: "GREETING", text: "hello" }],
    });

    expect(bound()).toEqual([
      { type: "plain_text", name: "GREETING", text: "hello" },
      { type: "secret_text", name: "KEY", text: canary("a Worker's secret") },
    ]);
  });

  test("cannot be inherited when it is not there", async () => {
    const { status, json } = await put({ bindings: [{ type: "inherit", name: "NOTHING" }] });

    expect([status, json.errors[0].code]).toEqual([400, 10057]);
    expect(json.messages[0].message).toBe("The bindings of the version before: KEY, GREETING, AI.");
    expect(names()).toEqual(["KEY", "GREETING", "AI"]);
  });
});

describe("what a Worker depends on", () => {
  test("is not deleted while a service binding is there", async () => {
    await put({}, "other");
    await put({ bindings: [{ type: "service", name: "OTHER", service: "other" }] });

    const { status, json } = await api.call("DELETE", "/workers/scripts/other");

    expect([status, json.errors[0].code]).toEqual([400, 10064]);
    expect(json.errors[0].message).toContain('binding "OTHER"');
  });

  test("is not deleted while it takes a queue's messages", async () => {
    await put({});
    const queue = await make("/queues", { queue_name: "jobs" });
    await make(`/queues/${queue.queue_id}/consumers`, { type: "worker", script_name: "chat" });

    const { status, json } = await api.call("DELETE", "/workers/scripts/chat");

    expect([status, json.errors[0].code]).toEqual([400, 10064]);
    expect(json.errors[0].message).toBe("script still in use as a consumer for a queue");
  });
});

describe("a queue's consumer", () => {
  test("is part of what runs, also after the next upload", async () => {
    await put({});
    const queue = await make("/queues", { queue_name: "jobs" });
    await make("/queues", { queue_name: "dead" });

    await make(`/queues/${queue.queue_id}/consumers`, {
      type: "worker",
      script_name: "chat",
      dead_letter_queue: "dead",
      settings: { batch_size: 3, max_retries: 2 },
    });
    const consumers = api.host.running.get("chat")?.queueConsumers;
    await put({});

    expect(consumers).toEqual([
      expect.objectContaining({
        queueName: "jobs",
        maxBatchSize: 3,
        maxRetries: 2,
        deadLetterQueue: "dead",
      }),
    ]);
    expect(api.host.running.get("chat")?.queueConsumers).toEqual(consumers);
  });
});
