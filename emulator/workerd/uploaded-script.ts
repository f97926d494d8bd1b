/** One module of an upload, as the multipart part said. */
export interface UploadedModule {
  readonly name: string;
  readonly type: "ESModule" | "CommonJS" | "Text" | "Data" | "CompiledWasm";
  readonly content: Uint8Array;
}

/** The bindings the emulator can give a Worker. Others are refused at upload. */
export type ScriptBinding =
  | { readonly type: "ai"; readonly name: string }
  | { readonly type: "assets"; readonly name: string }
  | { readonly type: "plain_text"; readonly name: string; readonly text: string }
  | { readonly type: "secret_text"; readonly name: string; readonly text: string }
  | { readonly type: "json"; readonly name: string; readonly json: unknown }
  | {
      readonly type: "durable_object_namespace";
      readonly name: string;
      readonly class_name: string;
      /** The script that has the class, when it is another one. */
      readonly script_name?: string;
    }
  | {
      readonly type: "workflow";
      readonly name: string;
      readonly workflow_name: string;
      readonly class_name: string;
      readonly script_name?: string;
    }
  | { readonly type: "kv_namespace"; readonly name: string; readonly namespace_id: string }
  | {
      readonly type: "r2_bucket";
      readonly name: string;
      readonly bucket_name: string;
      readonly jurisdiction?: string;
    }
  | { readonly type: "d1"; readonly name: string; readonly id: string }
  | {
      readonly type: "queue";
      readonly name: string;
      readonly queue_name: string;
      /** Seconds. */
      readonly delivery_delay?: number;
    }
  | {
      readonly type: "service";
      readonly name: string;
      readonly service: string;
      readonly environment?: string;
      readonly entrypoint?: string;
    }
  | {
      readonly type: "ratelimit";
      readonly name: string;
      readonly namespace_id: string;
      readonly simple: { readonly limit: number; readonly period: 10 | 60 };
    }
  | { readonly type: "version_metadata"; readonly name: string }
  | {
      readonly type: "secrets_store_secret";
      readonly name: string;
      readonly store_id: string;
      readonly secret_name: string;
      /** The secret itself. Unset: `get()` fails. */
      readonly text?: string;
    }
  | { readonly type: "analytics_engine"; readonly name: string; readonly dataset: string };

/** A Durable Object class of a script, bound or not. */
export interface DurableObjectClass {
  readonly className: string;
  /** Names the objects' storage on disk; stays when the class is renamed or moved. */
  readonly storageKey: string;
  readonly sqlite: boolean;
  /** Set for a class that is backed by a container. */
  readonly container?: { readonly image: string };
}

/** How a queue's messages reach a script. Unset: the runtime's default. */
export interface QueueConsumer {
  readonly queueName: string;
  readonly maxBatchSize?: number;
  /** Milliseconds. */
  readonly maxBatchTimeoutMs?: number;
  readonly maxRetries?: number;
  /** Seconds. */
  readonly retryDelay?: number;
  /** Name of the queue that takes messages which failed too often. */
  readonly deadLetterQueue?: string;
}

export interface UploadedAsset {
  /** URL path, such as `/index.html`. */
  readonly path: string;
  readonly contentType: string;
  /** File on disk that holds the content. */
  readonly file: string;
}

export interface UploadedAssets {
  readonly files: readonly UploadedAsset[];
  /** `assets.config` of the upload's metadata, as Cloudflare spells it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A script with everything it needs to run: what the control plane hands to workerd. */
export interface UploadedScript {
  readonly accountId: string;
  readonly name: string;
  readonly mainModule: string;
  readonly modules: readonly UploadedModule[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly bindings: readonly ScriptBinding[];
  readonly assets?: UploadedAssets;
  /** Every class the script owns. @default none */
  readonly durableObjects?: readonly DurableObjectClass[];
  /** The queues whose messages this script takes. @default none */
  readonly queueConsumers?: readonly QueueConsumer[];
}

/** What is stored inside workerd for a product. */
export type StoredProduct = "durable_object" | "kv" | "r2" | "d1" | "queue" | "workflow";

/** Runs uploaded scripts. */
export interface WorkerHost {
  /**
   * Puts a script up, or a new version of it; the one that runs goes on until the new one is
   * ready.
   * @throws {ScriptRefusedError} when the script does not start; nothing has changed then.
   */
  deploy(script: UploadedScript): Promise<void>;
  remove(accountId: string, scriptName: string): Promise<void>;
  /** Whether the script answers at its URL (workers.dev on or off). */
  setPublic(accountId: string, scriptName: string, enabled: boolean): void;
  /** Where a script is, or will be, served; the same over restarts. */
  url(accountId: string, scriptName: string): Promise<string>;
  /**
   * Calls the script's `scheduled` handler.
   * @returns what became of the call
   */
  runScheduled(
    accountId: string,
    scriptName: string,
    event: { readonly cron: string; readonly scheduledTime: number },
  ): Promise<"ok" | "failed" | "no-handler">;
  /** Removes what is stored under a key for good: a storage key, or the id of a namespace, bucket, database. */
  dropStorage(product: StoredProduct, key: string): Promise<void>;
  /** Whether an R2 bucket holds objects, or parts of uploads that are not complete. */
  hasObjects(bucketName: string): Promise<boolean>;
  close(): Promise<void>;
}

/** An upload that cannot run; `message` is workerd's reason, in words for the person who uploads. */
export class ScriptRefusedError extends Error {
  override readonly name = "ScriptRefusedError";
}
