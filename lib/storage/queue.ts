import { Queue as QueueResource } from "@cdktf/provider-cloudflare/lib/queue";
import { Construct, type IConstruct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectedByDefault } from "../deletion-protection.js";
import { reportProblems } from "../report-problems.js";
import { soundProps } from "../sound-props.js";
import { checkId } from "../text-checks.js";
import type { IWorkerBindable, WorkerBindingOf } from "../workers/worker-binding.js";
import {
  checkQueueName,
  DNS_NAME_MAX_LENGTH,
  queueRules,
  validateQueueProps,
} from "./storage-validation.js";

export interface QueueProps {
  /**
   * Name of the queue, 1 to 63 characters.
   * @default from the construct's path: `chat/jobs` becomes `chat-jobs`
   */
  readonly queueName?: string;

  /**
   * Seconds a message waits before it is delivered, 0 to 43,200 (12 hours), where its sender does not say.
   * @default 0
   */
  readonly deliveryDelay?: number;

  /**
   * Whether messages are kept back; sending goes on.
   * @default false
   * @see https://developers.cloudflare.com/queues/configuration/pause-purge/
   */
  readonly deliveryPaused?: boolean;

  /**
   * Seconds until a message that nobody consumed is dropped, 60 to 1,209,600 (14 days).
   * @default 345600, which is 4 days
   */
  readonly messageRetentionPeriod?: number;

  /**
   * Refuses every plan that would delete the queue with its messages.
   * @default true in a stage that is production, otherwise false
   */
  readonly preventDestroy?: boolean;
}

/** A queue, whether this stack declares it or it exists already. */
export interface IQueue extends IConstruct, IWorkerBindable<WorkerBindingOf<"queue">> {
  /** The id Cloudflare gave it: consumers are added by it. */
  readonly queueId: string;
  /** The name Workers send to it by. */
  readonly queueName: string;
}

const defaults = {
  deliveryDelay: 0,
  deliveryPaused: false,
  messageRetentionPeriod: 345_600,
} as const;

/**
 * A queue: Workers send messages, a {@link QueueConsumer} hands them to a Worker in batches.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/queues/
 *
 * @example
 * ```ts
 * const jobs = new Queue(stack, "jobs");
 * sender.addBinding("JOBS", jobs);
 * new QueueConsumer(stack, "consumer", { queue: jobs, worker: receiver });
 * ```
 */
export class Queue extends Construct implements IQueue {
  /** A queue of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromQueueAttributes(
    scope: Construct,
    id: string,
    attributes: { readonly queueId: string; readonly queueName: string },
  ): IQueue {
    return new ImportedQueue(scope, id, attributes);
  }

  /** The queue's Terraform resource, for what the props do not cover. */
  readonly resource: QueueResource;

  constructor(scope: Construct, id: string, props: QueueProps = {}) {
    super(scope, id);
    const sound = soundProps(this, queueRules, props);
    this.resource = new QueueResource(this, "Resource", {
      accountId: Cloudflare.of(this).accountId,
      queueName:
        sound.queueName ??
        defaultName(this, { maxLength: DNS_NAME_MAX_LENGTH, underscores: false }),
      // All of them: one that is left out keeps its last value instead of going back to the default.
      settings: {
        deliveryDelay: sound.deliveryDelay ?? defaults.deliveryDelay,
        deliveryPaused: sound.deliveryPaused ?? defaults.deliveryPaused,
        messageRetentionPeriod: sound.messageRetentionPeriod ?? defaults.messageRetentionPeriod,
      },
      lifecycle: { preventDestroy: sound.preventDestroy ?? protectedByDefault(this) },
    });
    reportProblems(this, validateQueueProps(props));
  }

  get queueId(): string {
    return this.resource.id;
  }

  get queueName(): string {
    return this.resource.queueName;
  }

  get workerBinding(): WorkerBindingOf<"queue"> {
    return { type: "queue", queueName: this.queueName };
  }

  /**
   * Takes over a queue that exists already, at the next deploy, instead of creating it. Needs Terraform on
   * PATH at synth, and may be removed after the deploy.
   */
  importFrom(queueId: string): void {
    this.resource.importFrom(`${Cloudflare.of(this).accountId}/${queueId}`);
  }
}

class ImportedQueue extends Construct implements IQueue {
  readonly queueId: string;
  readonly queueName: string;

  constructor(
    scope: Construct,
    id: string,
    { queueId, queueName }: { readonly queueId: string; readonly queueName: string },
  ) {
    super(scope, id);
    this.queueId = queueId;
    this.queueName = queueName;
    const name = checkQueueName("queueName", queueName);
    reportProblems(this, [...checkId("queueId", queueId), ...(name === undefined ? [] : [name])]);
  }

  get workerBinding(): WorkerBindingOf<"queue"> {
    return { type: "queue", queueName: this.queueName };
  }
}
