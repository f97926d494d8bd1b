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
  | { readonly type: "json"; readonly name: string; readonly json: unknown };

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
}

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
  close(): Promise<void>;
}

/** An upload that cannot run; `message` is workerd's reason, in words for the person who uploads. */
export class ScriptRefusedError extends Error {
  override readonly name = "ScriptRefusedError";
}
