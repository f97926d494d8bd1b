import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { claimOne } from "../one-owner.js";
import { applyRules, checkInteger, type PropRules, wrongValue } from "../prop-rules.js";
import { reportProblems } from "../report-problems.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { Worker } from "../workers/worker.js";
import { scriptNameOf, workerRule } from "../workers/worker-target.js";
import type { IQueue } from "./queue.js";
import { checkQueueName } from "./storage-validation.js";

export interface QueueConsumerProps {
  /** The queue whose messages are consumed. It has one consumer. */
  readonly queue: IQueue;

  /** The Worker whose `queue` handler is called, or its script name. */
  readonly worker: Worker | string;

  /**
   * Most messages in a batch, 1 to 100.
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * Longest wait for a full batch, in milliseconds, 0 to 60,000.
   * @default 5000
   */
  readonly maxWaitTimeMs?: number;

  /**
   * How often a message is delivered again after a failure, 0 to 100 times.
   * @default 3
   */
  readonly maxRetries?: number;

  /**
   * Seconds until a failed message is delivered again, 0 to 43,200 (12 hours), where the Worker does not say.
   * @default 0
   */
  readonly retryDelay?: number;

  /**
   * Most invocations at the same time, 1 to 250.
   * @default as many as the backlog needs
   */
  readonly maxConcurrency?: number;

  /**
   * Queue for messages whose retries are used up, or its name.
   * @default none: they are dropped
   * @see https://developers.cloudflare.com/queues/configuration/dead-letter-queues/
   */
  readonly deadLetterQueue?: IQueue | string;
}

/** What a consumer keeps to. @see https://developers.cloudflare.com/queues/platform/limits/ */
const bounds = {
  batchSize: { min: 1, max: 100, unit: "messages" },
  maxWaitTimeMs: { min: 0, max: 60_000, unit: "milliseconds" },
  maxRetries: { min: 0, max: 100, unit: "retries" },
  retryDelay: { min: 0, max: 43_200, unit: "seconds" },
  maxConcurrency: { min: 1, max: 250, unit: "invocations" },
} as const;

/** Cloudflare's own, always sent: a prop that is removed goes back to them. */
const defaults = {
  batch_size: 10,
  max_wait_time_ms: 5_000,
  max_retries: 3,
  retry_delay: 0,
  max_concurrency: null,
} as const;

const integerRule = (prop: keyof typeof bounds, name: string) => [
  { name, check: (props: QueueConsumerProps) => checkInteger(prop, props[prop], bounds[prop]) },
];

/** What a consumer's props are checked for. */
export const queueConsumerRules: PropRules<QueueConsumerProps> = {
  queue: [
    {
      name: "queue-consumer-queue",
      check: ({ queue }) =>
        isQueue(queue)
          ? undefined
          : wrongValue("queue", queue, "a Queue, or Queue.fromQueueAttributes(…)"),
    },
  ],
  worker: workerRule("queue-consumer-worker"),
  batchSize: integerRule("batchSize", "queue-consumer-batch-size"),
  maxWaitTimeMs: integerRule("maxWaitTimeMs", "queue-consumer-max-wait-time-ms"),
  maxRetries: integerRule("maxRetries", "queue-consumer-max-retries"),
  retryDelay: integerRule("retryDelay", "queue-consumer-retry-delay"),
  maxConcurrency: integerRule("maxConcurrency", "queue-consumer-max-concurrency"),
  deadLetterQueue: [
    {
      name: "queue-consumer-dead-letter-queue",
      check: ({ deadLetterQueue }) =>
        isQueue(deadLetterQueue) || deadLetterQueue === undefined
          ? undefined
          : checkQueueName("deadLetterQueue", deadLetterQueue),
    },
    {
      name: "queue-consumer-own-dead-letter-queue",
      check: ({ queue, deadLetterQueue }) =>
        deadLetterQueue !== undefined &&
        (deadLetterQueue === queue ||
          (!isToken(deadLetterQueue) && isQueue(queue) && deadLetterQueue === queue.queueName))
          ? "deadLetterQueue: got the queue itself; its failed messages would come back for ever. Declare another Queue for them."
          : undefined,
    },
  ],
};

const isQueue = (queue: unknown): queue is IQueue =>
  typeof queue === "object" && queue !== null && "queueId" in queue;

/**
 * Hands a queue's messages to a Worker's `queue` handler, in batches.
 *
 * Settings change in place; another queue or another Worker replaces the consumer, which loses no message.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/queues/configuration/configure-queues/
 *
 * @example
 * ```ts
 * new QueueConsumer(stack, "consumer", { queue: jobs, worker, maxRetries: 5, deadLetterQueue: failed });
 * ```
 */
export class QueueConsumer extends Construct {
  /** The consumer's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly #path: string;
  readonly #body: object;

  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const sound = soundProps(this, queueConsumerRules, props);
    const { queue } = sound;
    this.#path = `/accounts/${Cloudflare.of(this).accountId}/queues/${queue?.queueId ?? ""}/consumers`;
    this.#body = renderConsumerBody(sound);
    this.resource = new RestResource(this, "Resource", {
      path: this.#path,
      body: this.#body,
      createSelector: "result",
      readPath: "$(path)/$(body.consumer_id)",
      readSelector,
      writeOnlyAttrs,
      forceNewAttrs: ["script_name"],
      outputAttrs: ["consumer_id"],
    });
    if (queue !== undefined) {
      claimOne(
        this,
        ["queue consumer", isToken(queue.queueId) ? queue.node.path : queue.queueId],
        (first) =>
          `queue: ${queue.node.path} has a consumer already, ${first}; a queue has one. Remove one of them.`,
      );
    }
    const named = { queue: props.queue, worker: props.worker };
    reportProblems(this, applyRules(queueConsumerRules, { ...props, ...named }));
  }

  /**
   * Takes over the queue's consumer that exists already, at the next deploy, instead of adding one: the
   * provider's own resource cannot. Needs Terraform on PATH at synth, and may be removed after the deploy.
   * @param consumerId Its id, as `GET /accounts/{account}/queues/{queue}/consumers` lists it
   */
  importFrom(consumerId: string): void {
    reportProblems(this, checkId("consumerId", consumerId));
    this.resource.importFrom(
      renderImportId({
        id: `${this.#path}/${consumerId}`,
        path: this.#path,
        body: this.#body,
        readSelector,
      }),
    );
  }
}

/**
 * Selects exactly what is managed: what else the API answers, such as the queue's name, is no drift. It is sent
 * `script_name` and answers `script`.
 */
const readSelector = `result.{type,"script_name":script,script_name,dead_letter_queue,"settings":settings.{${Object.keys(defaults).join(",")}}}`;

/** What the API may leave out of its answers. */
const writeOnlyAttrs = ["script_name", "settings.max_concurrency"];

function renderConsumerBody(props: QueueConsumerProps): object {
  const { worker, deadLetterQueue } = props;
  return {
    type: "worker",
    script_name: scriptNameOf(worker),
    ...(deadLetterQueue === undefined
      ? {}
      : {
          dead_letter_queue:
            typeof deadLetterQueue === "string" ? deadLetterQueue : deadLetterQueue.queueName,
        }),
    settings: {
      batch_size: props.batchSize ?? defaults.batch_size,
      max_wait_time_ms: props.maxWaitTimeMs ?? defaults.max_wait_time_ms,
      max_retries: props.maxRetries ?? defaults.max_retries,
      retry_delay: props.retryDelay ?? defaults.retry_delay,
      max_concurrency: props.maxConcurrency ?? defaults.max_concurrency,
    },
  };
}
