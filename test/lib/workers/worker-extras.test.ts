import { describe, expect, test } from "@jest/globals";
import { Queue, Worker, type WorkerBinding, type WorkerProps } from "../../../lib/index.js";
import { newStack, problemsOf, synth } from "../new-stack.js";
import { bundle, newWorker } from "./new-worker.js";

describe("a Worker as a binding", () => {
  test("is a service of another Worker, which is deployed after it", () => {
    const { stack, worker } = newWorker();
    const other = new Worker(stack, "other", { bundle });
    other.addBinding("API", worker);

    expect(synth(stack).resource?.cloudflare_workers_script).toHaveProperty(
      "other_7F016EE3.bindings",
      [
        {
          name: "API",
          service: `\${cloudflare_workers_script.worker_28EA3E30.script_name}`,
          type: "service",
        },
      ],
    );
  });

  test.each<[string, unknown, string]>([
    [
      "nothing",
      undefined,
      "bindings.X: got nothing; allowed is a construct such as a KvNamespace, or a binding written out.",
    ],
    ["a type there is not", { type: "kv" }, 'bindings.X.type: got "kv"; the types are '],
    [
      "a key in another spelling",
      { type: "kv_namespace", namespace_id: "0123" },
      "bindings.X.namespaceId: got nothing; allowed is a text: kv_namespace needs it.",
    ],
  ])("fails at synth for what is no binding: %s", (_, binding, problem) => {
    const { stack, worker } = newWorker();
    worker.addBinding("X", binding as WorkerBinding);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(`[chat/worker] ${problem}`)]);
  });

  test("refuses a rate limit, which the provider cannot send", () => {
    const { stack, worker } = newWorker();
    const limit: WorkerBinding = {
      type: "ratelimit",
      namespaceId: "1",
      simple: { limit: 10, period: 60 },
    };
    worker.addBinding("LIMIT", limit);

    expect(problemsOf(stack)).toEqual([
      "[chat/worker] bindings.LIMIT: got a ratelimit binding, which the provider cloudflare 5.14 refuses on a Worker. Count in a Durable Object, or use a gateway's rateLimitingLimit.",
    ]);
  });
});

describe("how a Worker is run and reached", () => {
  test("is in the script: placement, limits, tail consumers, logpush", () => {
    const stack = newStack();
    const tail = new Worker(stack, "tail", { bundle });
    newWorker(
      {
        placement: { mode: "smart" },
        limits: { cpuMs: 50 },
        tailConsumers: [tail, "audit"],
        logpush: true,
      },
      stack,
    );

    expect(synth(stack).resource?.cloudflare_workers_script?.worker_28EA3E30).toMatchObject({
      placement: { mode: "smart" },
      limits: { cpu_ms: 50 },
      tail_consumers: [
        { service: expect.stringContaining("cloudflare_workers_script.tail_") },
        { service: "audit" },
      ],
      logpush: true,
    });
  });

  test("is in resources of its own: routes, domains, crons, queues; by props or by calls alike", () => {
    const zoneId = "0123456789abcdef0123456789abcdef";
    const byProps = newStack();
    newWorker(
      {
        routes: [{ zoneId, pattern: "example.com/chat/*" }],
        customDomains: [{ zoneId, hostname: "chat.example.com" }],
        crons: ["0 3 * * *"],
        queueConsumers: [{ queue: new Queue(byProps, "jobs"), batchSize: 5 }],
      },
      byProps,
    );
    const byCalls = newStack();
    const { worker } = newWorker({}, byCalls);
    worker.addRoute({ zoneId, pattern: "example.com/chat/*" });
    worker.addCustomDomain({ zoneId, hostname: "chat.example.com" });
    worker.addCrons(["0 3 * * *"]);
    worker.addQueueConsumer({
      queue: new Queue(byCalls, "jobs"),
      batchSize: 5,
    });

    const { resource } = synth(byProps);
    expect(resource).toEqual(synth(byCalls).resource);
    expect(Object.keys(resource ?? {}).sort()).toEqual([
      "cloudflare_queue",
      "cloudflare_workers_custom_domain",
      "cloudflare_workers_route",
      "cloudflare_workers_script",
      "cloudflare_workers_script_subdomain",
      "restful_operation",
      "restful_resource",
    ]);
  });

  test("fails at synth for a second list of crons", () => {
    const { stack, worker } = newWorker({ crons: ["0 3 * * *"] });
    worker.addCrons(["0 4 * * *"]);

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("crons: this Worker has a WorkerCron already, chat/worker/Crons"),
    ]);
  });

  test.each([
    [{ placement: { mode: "near" } }, 'placement.mode: got "near"; allowed is "smart".'],
    [{ placement: { hint: "eu" } }, "placement.hint: there is no such prop; the props are mode."],
    [
      { limits: { cpuMs: 0 } },
      "limits.cpuMs: got 0; allowed is a whole number of milliseconds, 1 to 300,000.",
    ],
    [{ logpush: "yes" }, 'logpush: got "yes"; allowed is true or false.'],
    [{ crons: "0 3 * * *" }, 'crons: got "0 3 * * *"; allowed is an array, such as ["0 3 * * *"].'],
    [{ tailConsumers: "audit" }, 'tailConsumers: got "audit"; allowed is an array'],
    [{ routes: {} }, "routes: got a value of type object; allowed is an array"],
    [{ customDomains: "a.example.com" }, 'customDomains: got "a.example.com"; allowed is an array'],
    [{ queueConsumers: {} }, "queueConsumers: got a value of type object; allowed is an array"],
    [{ migrations: {} }, "migrations: got a value of type object; allowed is an array"],
    [{ workflows: ["Summarize"] }, "workflows: got an array; allowed is an object such as"],
  ])("fails at synth for %j", (props, problem) => {
    const { stack } = newWorker(props as Partial<WorkerProps>);

    expect(problemsOf(stack)).toContainEqual(expect.stringContaining(`[chat/worker] ${problem}`));
  });
});
