import { describe, expect, test } from "@jest/globals";
import type { QueueConsumer } from "../../../emulator/workerd/uploaded-script.js";
import { closedAfterEach } from "./closed-after-each.js";
import { openHost, put, script } from "./host-fixture.js";
import { killWorkerd } from "./processes.js";

const open = closedAfterEach();

const producer = script(
  "producer",
  `export default { async fetch(request, env) {
    const messages = await request.json();
    if (messages.length === 1) await env.JOBS.send(messages[0].body, messages[0]);
    else await env.JOBS.sendBatch(messages);
    return new Response("sent");
  } }`,
  { bindings: [{ type: "queue", name: "JOBS", queue_name: "jobs" }] },
);

/** Notes every batch in KV; a body with `fail` is never taken. */
const consumer = (consumers: readonly QueueConsumer[]) =>
  script(
    "consumer",
    `export default {
      async queue(batch, env) {
        const seen = JSON.parse(await env.SEEN.get("seen") ?? "[]");
        seen.push([batch.queue, batch.messages.map(({ body, attempts }) => [body, attempts])]);
        await env.SEEN.put("seen", JSON.stringify(seen));
        if (batch.queue === "dead") return;
        for (const message of batch.messages) {
          if (message.body.fail === "throw") throw new Error("no");
          if (message.body.fail) message.retry(); else message.ack();
        }
      },
      fetch: async (request, env) => new Response(await env.SEEN.get("seen") ?? "[]")
    }`,
    {
      bindings: [{ type: "kv_namespace", name: "SEEN", namespace_id: "seen" }],
      queueConsumers: consumers,
    },
  );

type Seen = [string, [unknown, number][]][];

async function until<Value>(
  read: () => Promise<Value>,
  check: (value: Value) => boolean,
): Promise<Value> {
  const end = Date.now() + 15_000;
  for (;;) {
    const value = await read();
    if (check(value)) return value;
    if (Date.now() > end) throw new Error(`It did not come to pass: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function openQueue(consumers: readonly QueueConsumer[]) {
  const opened = await openHost();
  open.push(opened);
  const from = await put(opened.host, producer);
  const to = await put(opened.host, consumer(consumers));
  return { ...opened, ...ends(from, to) };
}

const ends = (from: string, to: string) => ({
  send: async (...messages: object[]) => {
    const response = await fetch(from, { method: "POST", body: JSON.stringify(messages) });
    expect(await response.text()).toBe("sent");
  },
  seen: async () => (await (await fetch(to)).json()) as Seen,
});

const jobs = { queueName: "jobs", maxBatchSize: 3, maxBatchTimeoutMs: 500 } as const;

describe("a queue between two Workers", () => {
  test("delivers in batches: when one is full, or has waited long enough", async () => {
    // GIVEN
    const { send, seen } = await openQueue([jobs]);

    // WHEN
    await send(...["a", "b", "c", "d"].map((body) => ({ body })));

    // THEN
    const [first, second] = await until(seen, ({ length }) => length === 2);
    expect(first).toEqual([
      "jobs",
      [
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ],
    ]);
    expect(second).toEqual(["jobs", [["d", 1]]]);
  });

  test("delivers what failed again, and buries it in the dead letter queue after the last try", async () => {
    // GIVEN
    const { send, seen } = await openQueue([
      { ...jobs, maxBatchTimeoutMs: 0, maxRetries: 2, deadLetterQueue: "dead" },
      { queueName: "dead", maxBatchTimeoutMs: 0 },
    ]);

    // WHEN
    await send({ body: { fail: "throw" }, contentType: "json" });

    // THEN
    const batches = await until(seen, (all) => all.some(([queue]) => queue === "dead"));
    expect(batches).toEqual([
      ["jobs", [[{ fail: "throw" }, 1]]],
      ["jobs", [[{ fail: "throw" }, 2]]],
      ["jobs", [[{ fail: "throw" }, 3]]],
      ["dead", [[{ fail: "throw" }, 1]]],
    ]);
  });

  test("takes back what the consumer asks for, and only that", async () => {
    // GIVEN
    const { send, seen, log } = await openQueue([{ ...jobs, maxBatchTimeoutMs: 0, maxRetries: 1 }]);

    // WHEN
    await send({ body: { fail: true } }, { body: { n: 1 } }, { body: { n: 2 } });

    // THEN
    const batches = await until(seen, ({ length }) => length === 2);
    expect(batches[1]).toEqual(["jobs", [[{ fail: true }, 2]]]);
    await until(
      async () => log.join("\n"),
      (text) => text.includes('Queue "jobs" dropped 1 message(s) after 2 failed deliveries'),
    );
  });

  test("keeps its messages over a restart, and until there is a consumer", async () => {
    // GIVEN messages and nobody to take them
    const opened = await openHost();
    open.push(opened);
    const from = await put(opened.host, producer);
    await ends(from, from).send({ body: "kept" });

    // WHEN workerd dies, and a consumer comes
    await killWorkerd();
    const to = await put(opened.host, consumer([jobs]));

    // THEN
    const { seen, send } = ends(from, to);
    expect(await until(seen, ({ length }) => length === 1)).toEqual([["jobs", [["kept", 1]]]]);

    // AND one that is delayed comes after the next restart, and not before its time
    await send({ body: "late", delaySeconds: 2 });
    const sent = Date.now();
    await opened.host.deploy(consumer([{ ...jobs, maxBatchTimeoutMs: 0 }]));
    expect(await until(seen, ({ length }) => length === 2)).toHaveLength(2);
    expect(Date.now() - sent).toBeGreaterThan(1_900);
  });

  test("delivers nothing any more that was dropped", async () => {
    // GIVEN
    const { host, send, seen } = await openQueue([]);
    await send({ body: "old" });

    // WHEN
    await host.dropStorage("queue", "jobs");
    await host.deploy(consumer([{ ...jobs, maxBatchTimeoutMs: 0 }]));
    await send({ body: "new" });

    // THEN
    expect(await until(seen, ({ length }) => length > 0)).toEqual([["jobs", [["new", 1]]]]);
  });
});
