import { describe, expect, test } from "@jest/globals";
import { Queue, QueueConsumer, type QueueConsumerProps, Worker } from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

function newConsumer(props: Partial<QueueConsumerProps> = {}) {
  const stack = newStack();
  const queue = new Queue(stack, "jobs");
  const consumer = new QueueConsumer(stack, "consumer", {
    queue,
    worker: "receiver",
    ...props,
  });
  return { stack, queue, consumer };
}

describe("QueueConsumer", () => {
  test("is one restful_resource that names all settings", () => {
    const { stack } = newConsumer();

    expect(only(synth(stack).resource?.restful_resource)).toMatchInlineSnapshot(`
      {
        "body": {
          "script_name": "receiver",
          "settings": {
            "batch_size": 10,
            "max_concurrency": null,
            "max_retries": 3,
            "max_wait_time_ms": 5000,
            "retry_delay": 0,
          },
          "type": "worker",
        },
        "create_selector": "result",
        "force_new_attrs": [
          "script_name",
        ],
        "output_attrs": [
          "consumer_id",
        ],
        "path": "/accounts/account/queues/\${cloudflare_queue.jobs_4843572F.id}/consumers",
        "read_path": "$(path)/$(body.consumer_id)",
        "read_selector": "result.{type,"script_name":script,script_name,dead_letter_queue,"settings":settings.{batch_size,max_wait_time_ms,max_retries,retry_delay,max_concurrency}}",
        "write_only_attrs": [
          "script_name",
          "settings.max_concurrency",
        ],
      }
    `);
  });

  test("sends what is set, to a Worker and a dead letter queue of the stack", () => {
    // GIVEN
    const stack = newStack();
    const worker = new Worker(stack, "worker", { bundle: newBundle() });
    const failed = new Queue(stack, "failed");

    // WHEN
    new QueueConsumer(stack, "consumer", {
      queue: new Queue(stack, "jobs"),
      worker,
      batchSize: 100,
      maxWaitTimeMs: 0,
      maxRetries: 0,
      retryDelay: 43_200,
      maxConcurrency: 250,
      deadLetterQueue: failed,
    });

    // THEN
    const { resource = {} } = synth(stack);
    const [script] = Object.keys(resource.cloudflare_workers_script ?? {});
    const queues = Object.entries(resource.cloudflare_queue ?? {});
    const [failedName] = queues.find(([, queue]) => queue.queue_name === "chat-failed") ?? [];
    const [jobsName] = queues.find(([, queue]) => queue.queue_name === "chat-jobs") ?? [];
    expect(only(resource.restful_resource)).toMatchObject({
      path: `/accounts/account/queues/\${cloudflare_queue.${jobsName}.id}/consumers`,
      body: {
        script_name: `\${cloudflare_workers_script.${script}.script_name}`,
        dead_letter_queue: `\${cloudflare_queue.${failedName}.queue_name}`,
        settings: {
          batch_size: 100,
          max_wait_time_ms: 0,
          max_retries: 0,
          retry_delay: 43_200,
          max_concurrency: 250,
        },
      },
    });
  });

  test("says at synth what is out of Cloudflare's bounds", () => {
    const { stack } = newConsumer({
      batchSize: 101,
      maxWaitTimeMs: 60_001,
      maxRetries: 1.5,
      retryDelay: -1,
      maxConcurrency: 251,
      deadLetterQueue: "Failed",
    });

    expect(problemsOf(stack)).toMatchInlineSnapshot(`
      [
        "[chat/consumer] batchSize: got 101; allowed is a whole number of messages, 1 to 100.",
        "[chat/consumer] maxWaitTimeMs: got 60001; allowed is a whole number of milliseconds, 0 to 60,000.",
        "[chat/consumer] maxRetries: got 1.5; allowed is a whole number of retries, 0 to 100.",
        "[chat/consumer] retryDelay: got -1; allowed is a whole number of seconds, 0 to 43,200.",
        "[chat/consumer] maxConcurrency: got 251; allowed is a whole number of invocations, 1 to 250.",
        "[chat/consumer] deadLetterQueue: got "Failed"; allowed is 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-jobs".",
      ]
    `);
  });

  test("refuses to be its own dead letter queue", () => {
    const stack = newStack();
    const queue = new Queue(stack, "jobs");
    new QueueConsumer(stack, "one", {
      queue,
      worker: "receiver",
      deadLetterQueue: queue,
    });
    const old = Queue.fromQueueAttributes(stack, "old", {
      queueId: "q1",
      queueName: "old-jobs",
    });
    new QueueConsumer(stack, "two", {
      queue: old,
      worker: "receiver",
      deadLetterQueue: "old-jobs",
    });

    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(/^\[chat\/one\] deadLetterQueue: got the queue itself/),
      expect.stringMatching(/^\[chat\/two\] deadLetterQueue: got the queue itself/),
    ]);
  });

  test("is imported by the paths restful reads it by", () => {
    // GIVEN
    const stack = newStack();
    const queue = Queue.fromQueueAttributes(stack, "old", {
      queueId: "q1",
      queueName: "old-jobs",
    });

    // WHEN
    new QueueConsumer(stack, "consumer", {
      queue,
      worker: "receiver",
    }).importFrom("c1");

    // THEN
    const [imported] = synth(stack).import ?? [];
    expect(JSON.parse(imported?.id ?? "")).toMatchObject({
      id: "/accounts/account/queues/q1/consumers/c1",
      path: "/accounts/account/queues/q1/consumers",
    });
  });
});
