import { z } from "zod";
import type { StoredQueue, StoredQueueConsumer } from "../../state/stored-products.js";
import { ApiError, notEmulated } from "../api-error.js";
import { parse } from "../parse.js";

/** What a queue keeps to when nobody says otherwise; seconds. */
const queueDefaults: StoredQueue["settings"] = {
  delivery_delay: 0,
  message_retention_period: 345_600,
};

/** @see https://developers.cloudflare.com/queues/platform/limits/ */
const settings = z.strictObject({
  delivery_delay: z.int().min(0).max(43_200).optional(),
  message_retention_period: z.int().min(60).max(1_209_600).optional(),
  delivery_paused: z.boolean().optional(),
});

const queue = z.strictObject({ queue_name: z.string(), settings: settings.optional() });

const queueName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export interface QueueBody {
  readonly queue_name: string;
  readonly settings: StoredQueue["settings"];
}

/**
 * Body of a POST, PUT or PATCH.
 * @param before the queue as it is; what the body leaves out stays.
 * @throws {ApiError} 400/11003 for a name that is none, 400/10026, 501 for a paused queue
 * @see https://developers.cloudflare.com/api/resources/queues/methods/create/
 */
export function parseQueue(body: unknown, before?: StoredQueue): QueueBody {
  const given = parse(before ? queue.partial() : queue, body, "queueInvalid", { showValues: true });
  const name = given.queue_name ?? before?.queue_name ?? "";
  if (!queueName.test(name)) {
    throw ApiError.of(
      400,
      "queueName",
      `"${name}" is no name for a queue: 1 to 63 lower-case letters, digits and "-", with no "-" at either end.`,
    );
  }
  const { delivery_paused, ...set } = given.settings ?? {};
  if (delivery_paused) throw notEmulated("a queue whose delivery is paused (delivery_paused)");
  return {
    queue_name: name,
    settings: {
      delivery_delay:
        set.delivery_delay ?? before?.settings.delivery_delay ?? queueDefaults.delivery_delay,
      message_retention_period:
        set.message_retention_period ??
        before?.settings.message_retention_period ??
        queueDefaults.message_retention_period,
    },
  };
}

/** @see https://developers.cloudflare.com/queues/configuration/configure-queues/#consumer-worker-configuration */
const consumerSettings = z.strictObject({
  batch_size: z.int().min(1).max(100).nullish(),
  max_retries: z.int().min(0).max(100).nullish(),
  max_wait_time_ms: z.int().min(0).max(60_000).nullish(),
  retry_delay: z.int().min(0).max(43_200).nullish(),
  max_concurrency: z.int().min(1).max(250).nullish(),
});

const consumer = z.strictObject({
  type: z.literal("worker"),
  script_name: z.string().min(1),
  dead_letter_queue: z.string().nullish(),
  settings: consumerSettings.nullish(),
  // What only the API sets may come along, as clients send back what they have read.
  consumer_id: z.unknown().optional(),
  created_on: z.unknown().optional(),
  script: z.unknown().optional(),
  queue_name: z.unknown().optional(),
});

export type ConsumerBody = Pick<
  StoredQueueConsumer,
  "script_name" | "dead_letter_queue" | "settings"
>;

/**
 * Body of a POST or PUT. What it leaves out is the product's default.
 * @throws {ApiError} 400/10026, 501 for a consumer over HTTP
 * @see https://developers.cloudflare.com/api/resources/queues/subresources/consumers/methods/create/
 */
export function parseConsumer(body: unknown): ConsumerBody {
  if ((body as { type?: unknown } | null)?.type === "http_pull") {
    throw notEmulated("a queue consumer of type http_pull; a Worker may consume the queue");
  }
  const given = parse(consumer, body, "queueInvalid", { showValues: true });
  const set = given.settings ?? {};
  return {
    script_name: given.script_name,
    dead_letter_queue: given.dead_letter_queue || null,
    settings: {
      batch_size: set.batch_size ?? 10,
      max_retries: set.max_retries ?? 3,
      max_wait_time_ms: set.max_wait_time_ms ?? 5_000,
      retry_delay: set.retry_delay ?? 0,
      max_concurrency: set.max_concurrency ?? null,
    },
  };
}
