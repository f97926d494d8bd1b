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
  readonly unsafeDirectSockets: readonly { readonly host: string; readonly port: number }[];
  readonly assets?: MiniflareAssets;
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
