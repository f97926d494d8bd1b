import type { SecretVariable } from "../secret-variable.js";
import type { JsonValue } from "./json-var.js";
import type { IWorkerBindable, WorkerBinding } from "./worker-binding.js";

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
   * is a {@link SecretVariable}, or a token of another ephemeral value.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, SecretVariable | string>>;

  /**
   * Bindings to storage, queues and other Workers.
   * @default none
   */
  readonly bindings?: Readonly<Record<string, WorkerBinding | IWorkerBindable>>;

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
}

/** @see https://developers.cloudflare.com/workers/static-assets/ */
export interface WorkerAssets {
  /**
   * Folder of the files. `_headers`, `_redirects` and `.assetsignore` in it are honoured; other files that
   * start with a dot are left out, `.well-known/` is not. At most 20,000 files of 25 MiB.
   */
  readonly directory: string;

  /**
   * Name under which the Worker's code finds the files.
   * @default none
   */
  readonly binding?: string;

  /** @default "auto-trailing-slash" */
  readonly htmlHandling?:
    | "auto-trailing-slash"
    | "force-trailing-slash"
    | "drop-trailing-slash"
    | "none";

  /** What is answered where there is no file and no Worker to ask. @default "none" */
  readonly notFoundHandling?: "none" | "404-page" | "single-page-application";

  /**
   * Whether the Worker is asked first: always, or for paths that match one of these patterns (`/api/*`,
   * `!/api/docs/*`).
   * @default false
   */
  readonly runWorkerFirst?: boolean | readonly string[];
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
