import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ScriptRefusedError } from "../../../emulator/workerd/uploaded-script.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const make = async (name = "jobs", settings?: object): Promise<string> => {
  const { json } = await api.call("POST", "/queues", { queue_name: name, settings });
  return json.result.queue_id;
};
const deploy = (name: string, bindings: object[] = [], code = "") => {
  const main = `export default { fetch: () => new Response('ok'), queue() {} };${code}`;
  const metadata = { main_module: "main.js", bindings };
  return api.call("PUT", `/workers/scripts/${name}`, upload(metadata, { "main.js": main }));
};
const consumer = { type: "worker", script_name: "worker" };

describe("a queue", () => {
  test("has every setting filled in, and counts who sends to it", async () => {
    // GIVEN
    const id = await make();
    await deploy("sender", [{ type: "queue", name: "JOBS", queue_name: "jobs" }]);
    // WHEN
    const { json } = await api.call("GET", `/queues/${id}`);
    // THEN
    expect(json.result).toEqual({
      queue_id: id,
      queue_name: "jobs",
      created_on: "2026-01-01T00:00:00.000Z",
      modified_on: "2026-01-01T00:00:00.000Z",
      settings: { delivery_delay: 0, message_retention_period: 345_600, delivery_paused: false },
      producers: [{ type: "worker", script: "sender" }],
      producers_total_count: 1,
      consumers: [],
      consumers_total_count: 0,
    });
  });

  test("keeps the settings a change leaves out", async () => {
    const id = await make("jobs", { delivery_delay: 5 });

    const { json } = await api.call("PUT", `/queues/${id}`, {
      settings: { message_retention_period: 60 },
    });

    expect(json.result.settings).toMatchObject({ delivery_delay: 5, message_retention_period: 60 });
  });

  test("delays what a Worker sends to it, also after a change, where the binding does not say", async () => {
    const id = await make("jobs", { delivery_delay: 5 });
    const binding = { type: "queue", name: "JOBS", queue_name: "jobs" };
    await deploy("sender", [binding]);
    await deploy("own", [{ ...binding, delivery_delay: 1 }]);
    const before = api.host.running.get("sender")?.bindings;

    await api.call("PUT", `/queues/${id}`, { settings: { delivery_delay: 7 } });

    expect(before).toEqual([{ ...binding, delivery_delay: 5 }]);
    expect(api.host.running.get("sender")?.bindings).toEqual([{ ...binding, delivery_delay: 7 }]);
    expect(api.host.running.get("own")?.bindings).toEqual([{ ...binding, delivery_delay: 1 }]);
  });

  test("is refused with a name that is taken or none, or settings out of bounds", async () => {
    await make();
    const post = (body: object) => api.call("POST", "/queues", body);

    const answers = [
      await post({ queue_name: "jobs" }),
      await post({ queue_name: "Jobs" }),
      await post({ queue_name: "other", settings: { delivery_delay: 43_201 } }),
    ];

    expect(answers.map(({ status, json }) => [status, json.errors[0].code])).toEqual([
      [400, 11009],
      [400, 11003],
      [400, 10026],
    ]);
  });

  test("whose delivery is to be paused is said to be not emulated", async () => {
    const { status, json } = await api.call("POST", "/queues", {
      queue_name: "jobs",
      settings: { delivery_paused: true },
    });

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain("delivery_paused");
  });

  test("with another name keeps its consumer; that its messages do not come along is said", async () => {
    const id = await make();
    await deploy("worker");
    await api.call("POST", `/queues/${id}/consumers`, consumer);

    await api.call("PUT", `/queues/${id}`, { queue_name: "tasks" });

    expect(api.host.running.get("worker")?.queueConsumers).toMatchObject([{ queueName: "tasks" }]);
    expect(api.host.dropped).toEqual([{ product: "queue", key: "jobs" }]);
    expect(api.lines.at(-1)).toContain("Messages that waited in it are gone here");
  });

  test("takes messages and consumer along when it is deleted", async () => {
    const id = await make();
    await deploy("worker");
    await api.call("POST", `/queues/${id}/consumers`, consumer);

    await api.call("DELETE", `/queues/${id}`);

    expect(api.host.dropped).toEqual([{ product: "queue", key: "jobs" }]);
    expect(api.host.running.get("worker")?.queueConsumers).toEqual([]);
    expect((await api.call("GET", `/queues/${id}`)).status).toBe(404);
  });
});

describe("a consumer", () => {
  test("runs with its settings at once, and is answered with all of them", async () => {
    // GIVEN
    const id = await make();
    await deploy("worker");
    // WHEN
    const { json } = await api.call("POST", `/queues/${id}/consumers`, {
      ...consumer,
      dead_letter_queue: "failed",
      settings: { max_retries: 5, max_concurrency: null },
    });
    // THEN
    expect(json.result).toEqual({
      consumer_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: "worker",
      script: "worker",
      queue_name: "jobs",
      dead_letter_queue: "failed",
      created_on: "2026-01-01T00:00:00.000Z",
      settings: {
        batch_size: 10,
        max_retries: 5,
        max_wait_time_ms: 5_000,
        retry_delay: 0,
        max_concurrency: null,
      },
    });
    expect(api.host.running.get("worker")?.queueConsumers).toEqual([
      {
        queueName: "jobs",
        maxBatchSize: 10,
        maxBatchTimeoutMs: 5_000,
        maxRetries: 5,
        retryDelay: 0,
        deadLetterQueue: "failed",
      },
    ]);
  });

  test("is changed and removed in the running Worker", async () => {
    const id = await make();
    await deploy("worker");
    const made = await api.call("POST", `/queues/${id}/consumers`, consumer);
    const path = `/queues/${id}/consumers/${made.json.result.consumer_id}`;

    await api.call("PUT", path, { ...consumer, settings: { batch_size: 1 } });
    const changed = api.host.running.get("worker")?.queueConsumers;
    await api.call("DELETE", path);
    const removed = api.host.running.get("worker")?.queueConsumers;

    expect(changed).toMatchObject([{ queueName: "jobs", maxBatchSize: 1 }]);
    expect(removed).toEqual([]);
    expect((await api.call("GET", path)).status).toBe(404);
  });

  test("stays over an upload of its Worker", async () => {
    const id = await make();
    await deploy("worker");
    await api.call("POST", `/queues/${id}/consumers`, consumer);

    await deploy("worker", [], "// changed");

    expect(api.host.running.get("worker")?.queueConsumers).toMatchObject([{ queueName: "jobs" }]);
  });

  test("is the only one, also when two are asked for at once", async () => {
    const id = await make();
    await deploy("worker");
    await deploy("other");

    const answers = await Promise.all(
      ["worker", "other"].map((script_name) =>
        api.call("POST", `/queues/${id}/consumers`, { ...consumer, script_name }),
      ),
    );

    expect(answers.map(({ status, json }) => [status, json.errors[0]?.code])).toEqual([
      [200, undefined],
      [400, 11004],
    ]);
    expect(api.host.running.get("other")?.queueConsumers).toEqual([]);
  });

  test("cannot send what fails back to its own queue, nor can a rename make it", async () => {
    const id = await make();
    await deploy("worker");
    const path = `/queues/${id}/consumers`;

    const own = await api.call("POST", path, { ...consumer, dead_letter_queue: "jobs" });
    await api.call("POST", path, { ...consumer, dead_letter_queue: "failed" });
    const renamed = await api.call("PUT", `/queues/${id}`, { queue_name: "failed" });

    for (const { status, json } of [own, renamed]) {
      expect([status, json.errors[0].message]).toEqual([
        400,
        expect.stringContaining("cannot be its own dead letter queue"),
      ]);
    }
  });

  test("is taken back when its Worker does not start with it", async () => {
    const id = await make();
    await deploy("worker");
    api.host.deploy = async () => {
      throw new ScriptRefusedError("no");
    };

    const { status } = await api.call("POST", `/queues/${id}/consumers`, consumer);

    expect(status).toBe(400);
    expect(api.state.products.queues.get(id)?.consumers).toEqual([]);
  });

  test("is refused beside another one, for a Worker that does not exist, and over HTTP", async () => {
    const id = await make();
    await deploy("worker");
    const post = (body: object) => api.call("POST", `/queues/${id}/consumers`, body);

    const unknown = await post({ type: "worker", script_name: "nobody" });
    const pull = await post({ type: "http_pull" });
    await post(consumer);
    const second = await post(consumer);

    expect([unknown.status, unknown.json.errors[0].code]).toEqual([404, 10007]);
    expect(pull.status).toBe(501);
    expect([second.status, second.json.errors[0].code]).toEqual([400, 11004]);
  });
});
