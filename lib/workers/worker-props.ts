import type { WorkerBindingsDeclaration } from "../../protocol/worker-bindings.js";
import type { QueueConsumerProps } from "../storage/queue-consumer.js";
import type { BindingsProp } from "./binding-values.js";
import type { ClassMigration } from "./class-history.js";
import type { WorkerSecretValue } from "./delivered-secret.js";
import type { JsonValue } from "./json-var.js";
import type { Worker } from "./worker.js";
import type { WorkerAssets } from "./worker-assets.js";
import type { IWorkerBindable, WorkerBinding } from "./worker-binding.js";
import type { WorkerCustomDomainProps } from "./worker-custom-domain.js";
import type { WorkerRouteProps } from "./worker-route.js";

/** The compatibility date of a Worker that names none: a fixed one, so that a deploy never changes it. */
export const DEFAULT_COMPATIBILITY_DATE = "2026-04-26";

export interface WorkerProps {
  /**
   * The Worker's code: one ES module file with everything bundled in. A relative path starts where cdktf
   * runs.
   */
  readonly bundle: string;

  /**
   * Name of the Worker, part of its address: 1 to 63 lower-case letters, digits and hyphens. Unique in the
   * account. Another name replaces the Worker.
   * @default from the construct's path: `chat/worker` becomes "chat-worker"
   */
  readonly scriptName?: string;

  /**
   * Files that are served as they are, before the Worker is asked.
   * @default none
   */
  readonly assets?: WorkerAssets;

  /**
   * Texts the Worker finds in `env`, as written here; values may be tokens.
   * @default none
   */
  readonly vars?: Readonly<Record<string, string>>;

  /**
   * Objects and arrays the Worker finds in `env`; values inside may be tokens.
   * @default none
   */
  readonly jsonVars?: Readonly<Record<string, JsonValue>>;

  /**
   * Secrets the Worker finds in `env`, in neither the synthesized JSON, nor the plan, nor the state. A value
   * is a `SecretVariable`, a token of another ephemeral value, or an `AiGatewayToken`.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, WorkerSecretValue>>;

  /**
   * What `workerBindings` returned, shared with the Worker's code. `bindings` then takes a value of the
   * right type for every declared name, texts included, and the other props that name something in `env`
   * are not there: see {@link DeclaredWorkerProps}.
   * @default none: the Worker's code declares its Env itself
   */
  readonly declaration?: undefined;

  /**
   * Bindings to storage, queues and other Workers: a construct, or the binding written out.
   * @default none
   */
  readonly bindings?: Readonly<Record<string, WorkerBinding | IWorkerBindable>>;

  /**
   * Durable Object classes of this Worker, or of another one, under the names its code finds them by.
   * @default none
   */
  readonly durableObjects?: Readonly<Record<string, DurableObjectBinding>>;

  /**
   * History of this Worker's Durable Object classes, oldest step first. Steps are only ever added at the
   * end: one that was deployed stays as it is.
   * @default none
   * @see https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
   */
  readonly migrations?: readonly ClassMigration[];

  /**
   * Workflows of this Worker, or of another one, under the names its code finds them by.
   * @default none
   */
  readonly workflows?: Readonly<Record<string, WorkflowBinding>>;

  /**
   * Date (YYYY-MM-DD) whose runtime behaviour the Worker is written for.
   * @default "2026-04-26"
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-dates/
   */
  readonly compatibilityDate?: string;

  /**
   * Single behaviours switched on or off, such as "nodejs_compat".
   * @default none
   */
  readonly compatibilityFlags?: readonly string[];

  /**
   * What is kept of the Worker's invocations and logs.
   * @default nothing
   */
  readonly observability?: WorkerObservability;

  /**
   * Whether the Worker answers at `https://{scriptName}.{subdomain}.workers.dev`.
   * @default true
   */
  readonly workersDev?: boolean;

  /**
   * Whether each version gets an address of its own as well.
   * @default false
   */
  readonly previewUrls?: boolean;

  /**
   * Addresses of zones that this Worker answers.
   * @default none
   */
  readonly routes?: readonly Omit<WorkerRouteProps, "worker">[];

  /**
   * Hostnames this Worker is the origin of; DNS records and certificates are made.
   * @default none
   */
  readonly customDomains?: readonly Omit<WorkerCustomDomainProps, "worker">[];

  /**
   * Cron expressions at which the `scheduled` handler is called, in UTC: `"0 9 * * MON-FRI"`.
   * @default none
   * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
   */
  readonly crons?: readonly string[];

  /**
   * Queues whose messages the `queue` handler takes.
   * @default none
   */
  readonly queueConsumers?: readonly Omit<QueueConsumerProps, "worker">[];

  /**
   * Where the Worker runs: "smart" puts it near what it calls.
   * @default near who asks
   * @see https://developers.cloudflare.com/workers/configuration/placement/
   */
  readonly placement?: { readonly mode: "smart" };

  /**
   * Bounds of one invocation.
   * @default the account's plan
   * @see https://developers.cloudflare.com/workers/platform/limits/#cpu-time
   */
  readonly limits?: {
    /** CPU time, in milliseconds, 1 to 300,000. */
    readonly cpuMs?: number;
  };

  /**
   * Workers that are told of every invocation; each must exist first.
   * @default none
   * @see https://developers.cloudflare.com/workers/observability/logs/tail-workers/
   */
  readonly tailConsumers?: readonly (Worker | string)[];

  /**
   * Whether invocations are sent to the account's Logpush job.
   * @default false
   */
  readonly logpush?: boolean;
}

/** Props of a Worker whose `env` is declared once, for the stack and for its code. */
export type DeclaredWorkerProps<Declaration extends WorkerBindingsDeclaration> = Omit<
  WorkerProps,
  "declaration" | "bindings" | "vars" | "jsonVars" | "secrets" | "durableObjects" | "workflows"
> & {
  /** What `workerBindings` returned, shared with the Worker's code. */
  readonly declaration: Declaration;
} & BindingsProp<Declaration>;

/** A Durable Object class under a name in `env`. */
export interface DurableObjectBinding {
  /** Name of the class, as the bundle exports it. */
  readonly className: string;

  /** Name of the Worker that has the class. @default this Worker, which then needs `migrations` */
  readonly scriptName?: string;
}

/** A workflow under a name in `env`. */
export interface WorkflowBinding {
  /** Name of the class, as the bundle exports it. */
  readonly className: string;

  /**
   * Name of the workflow, 1 to 64 letters, digits, hyphens and underscores, unique in the account. Another
   * name is another workflow, without the instances of the first.
   * @default from the construct's path and the binding's name
   */
  readonly workflowName?: string;

  /** Name of the Worker that has the class and the workflow. @default this Worker */
  readonly scriptName?: string;
}

/** @see https://developers.cloudflare.com/workers/observability/logs/workers-logs/ */
export interface WorkerObservability {
  /** @default true where `observability` is given */
  readonly enabled?: boolean;

  /** Share of requests that are kept, 0 to 1. @default 1 */
  readonly headSamplingRate?: number;

  readonly logs?: {
    /** @default as `enabled` of observability */
    readonly enabled?: boolean;
    /** Whether each invocation is a log line too. @default true */
    readonly invocationLogs?: boolean;
    /** Share of log lines that are kept, 0 to 1. @default 1 */
    readonly headSamplingRate?: number;
    /** Whether logs are stored, not only sent on. @default true */
    readonly persist?: boolean;
  };
}
