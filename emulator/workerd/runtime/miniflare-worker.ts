/**
 * What the emulator says to miniflare about one Worker.
 *
 * miniflare's own types are derived from a version of zod it does not ship, so to a compiler its
 * options are `any`; these are the ones used here.
 * @see https://github.com/cloudflare/workers-sdk/tree/main/packages/miniflare
 */
export interface MiniflareWorker {
  readonly name: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: string[];
  readonly modulesRoot: string;
  /** The first one is the entry. */
  readonly modules: readonly {
    readonly type: "ESModule" | "CommonJS" | "Text" | "Data" | "CompiledWasm";
    readonly path: string;
    readonly contents: string | Uint8Array;
  }[];
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly unsafeBindings: readonly MiniflareUnsafeBinding[];
  /** Loopback ports that lead to this Worker alone; 0 is any free one. */
  readonly unsafeDirectSockets?: readonly { readonly host: string; readonly port: number }[];
  readonly assets?: MiniflareAssets;
  readonly durableObjects?: Readonly<Record<string, MiniflareDurableObject>>;
  /** Classes of this Worker that none of its own bindings leads to. */
  readonly additionalUnboundDurableObjects?: readonly MiniflareDurableObject[];
  /** Keeps the objects' storage in memory. */
  readonly unsafeEphemeralDurableObjects?: boolean;
  readonly workflows?: Readonly<
    Record<
      string,
      { readonly name: string; readonly className: string; readonly scriptName: string }
    >
  >;
  readonly kvNamespaces?: Readonly<Record<string, string>>;
  readonly r2Buckets?: Readonly<Record<string, string>>;
  readonly d1Databases?: Readonly<Record<string, string>>;
  readonly queueProducers?: Readonly<
    Record<string, { readonly queueName: string; readonly deliveryDelay?: number }>
  >;
  readonly queueConsumers?: Readonly<Record<string, MiniflareQueueConsumer>>;
  readonly serviceBindings?: Readonly<
    Record<string, { readonly name: string; readonly entrypoint?: string }>
  >;
  readonly ratelimits?: Readonly<
    Record<
      string,
      {
        readonly namespace_id: string;
        readonly simple: { readonly limit: number; readonly period: number };
      }
    >
  >;
  readonly versionMetadata?: string;
  /** Workers that are told of every event of this one. */
  readonly tails?: readonly string[];
  readonly analyticsEngineDatasets?: Readonly<Record<string, { readonly dataset: string }>>;
  /** Where a container engine listens, such as `unix:///var/run/docker.sock`. */
  readonly containerEngine?: string;
}

export interface MiniflareDurableObject {
  readonly className: string;
  /** The Worker that has the class, when it is another one. */
  readonly scriptName?: string;
  readonly useSQLite: boolean;
  /** Names the folder of the objects' storage. */
  readonly unsafeUniqueKey: string;
  readonly container?: { readonly imageName: string };
}

export interface MiniflareQueueConsumer {
  readonly maxBatchSize?: number;
  /** Seconds. */
  readonly maxBatchTimeout?: number;
  readonly maxRetries?: number;
  /** Seconds. */
  readonly retryDelay?: number;
  readonly deadLetterQueue?: string;
}

/** A binding made by a plugin of ours. */
export interface MiniflareUnsafeBinding {
  readonly name: string;
  readonly type: string;
  /** `package` is the file to import; it exports `plugins`. */
  readonly plugin: { readonly package: string; readonly name: string };
  readonly options: Readonly<Record<string, string>>;
}

export interface MiniflareAssets {
  readonly directory: string;
  readonly binding?: string;
  readonly routerConfig: {
    readonly has_user_worker: boolean;
    readonly invoke_user_worker_ahead_of_assets?: boolean;
    readonly static_routing?: {
      readonly user_worker: string[];
      readonly asset_worker?: string[];
    };
  };
  readonly assetConfig: {
    readonly html_handling?: unknown;
    readonly not_found_handling?: unknown;
  };
}
