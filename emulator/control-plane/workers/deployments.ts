import { randomInt } from "node:crypto";
import type { Clock } from "../../clock.js";
import { randomHex } from "../../ids.js";
import type { StoredBinding, StoredScript } from "../../state/state-document.js";
import {
  type ScriptBinding,
  ScriptRefusedError,
  type WorkerHost,
} from "../../workerd/uploaded-script.js";
import { ApiError } from "../api-error.js";
import type { AssetUploads } from "./asset-uploads.js";
import type { ScriptUpload } from "./read-upload.js";
import type { ScriptStore } from "./store.js";

export interface DeploymentsOptions {
  readonly accountId: string;
  readonly store: ScriptStore;
  readonly workers: WorkerHost;
  readonly assets: AssetUploads;
  readonly clock: Clock;
}

/**
 * Changes what runs, then what is remembered: a script that does not start is never stored, and one
 * that could not be stored does not go on running. One change at a time.
 */
export class Deployments {
  readonly #options: DeploymentsOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} 400/10021 with the reason when the script does not start. */
  upload(name: string, { metadata, modules }: ScriptUpload): Promise<StoredScript> {
    return this.#oneByOne(async () => {
      const { store, clock } = this.#options;
      const before = store.get(name);
      const assets = this.#assets(name, metadata, before);
      const declared = metadata.bindings.map((binding) => store.sealBinding(name, binding));
      const bindings = keepBindings(declared, metadata.keep_bindings, before);
      if (!assets && bindings.some(({ type }) => type === "assets")) {
        throw ApiError.of(400, "badUpload", "A binding of type assets needs assets in the upload.");
      }
      const stored = await store.putModules(modules);
      try {
        const now = new Date(clock.now()).toISOString();
        const script: StoredScript = {
          name,
          tag: before?.tag ?? randomHex(16),
          etag: stored.etag,
          created_on: before?.created_on ?? now,
          modified_on: now,
          // Different each time, as on Cloudflare: whoever takes it for stable finds out here.
          startup_time_ms: otherThan(before?.startup_time_ms),
          main_module: metadata.main_module ?? "",
          modules: stored.modules,
          ...(metadata.compatibility_date
            ? { compatibility_date: metadata.compatibility_date }
            : {}),
          compatibility_flags: metadata.compatibility_flags,
          bindings,
          classes: before?.classes ?? [],
          schedules: before?.schedules ?? [],
          ...(assets ? { assets } : {}),
          // Scripts uploaded through the API start with workers.dev off.
          subdomain: before?.subdomain ?? { enabled: false, previews_enabled: false },
          echoed: { ...metadata.echoed },
        };
        await this.#replace(script, before);
        return script;
      } finally {
        for (const held of stored.held) held.release();
      }
    });
  }

  /** Adds or replaces a secret; the Worker runs with it when this resolves. */
  putSecret(name: string, secret: ScriptBinding): Promise<void> {
    return this.#oneByOne(async () => {
      const script = findScript(this.#options.store, name);
      const same = script.bindings.find((binding) => binding.name === secret.name);
      if (same && same.type !== "secret_text") {
        const message = `Binding name '${secret.name}' already in use (type ${same.type}). Please use a different name and try again.`;
        throw ApiError.of(400, "bindingNameTaken", message);
      }
      const others = script.bindings.filter((binding) => binding !== same);
      const sealed = this.#options.store.sealBinding(name, secret);
      await this.#replace(this.#changed(script, [...others, sealed]), script);
    });
  }

  deleteSecret(name: string, secretName: string): Promise<void> {
    return this.#oneByOne(async () => {
      const script = findScript(this.#options.store, name);
      const secret = findSecret(script, secretName);
      const others = script.bindings.filter((binding) => binding !== secret);
      await this.#replace(this.#changed(script, others), script);
    });
  }

  setSubdomain(name: string, subdomain: StoredScript["subdomain"]): Promise<void> {
    return this.#oneByOne(async () => {
      const { store, workers, accountId } = this.#options;
      await store.put({ ...findScript(store, name), subdomain });
      workers.setPublic(accountId, name, subdomain.enabled);
    });
  }

  delete(name: string): Promise<void> {
    return this.#oneByOne(async () => {
      const { store, workers, accountId, assets } = this.#options;
      findScript(store, name);
      assets.forget(name);
      await store.delete(name);
      await workers.remove(accountId, name);
    });
  }

  #changed(script: StoredScript, bindings: StoredBinding[]): StoredScript {
    return { ...script, bindings, modified_on: new Date(this.#options.clock.now()).toISOString() };
  }

  async #replace(script: StoredScript, before: StoredScript | undefined): Promise<void> {
    const { store, workers, accountId } = this.#options;
    try {
      await workers.deploy(await store.load(script));
    } catch (error) {
      if (!(error instanceof ScriptRefusedError)) throw error;
      throw ApiError.of(400, "scriptRefused", error.message);
    }
    try {
      await store.put(script);
    } catch (error) {
      if (before) await workers.deploy(await store.load(before));
      else await workers.remove(accountId, script.name);
      throw error;
    }
    workers.setPublic(accountId, script.name, script.subdomain.enabled);
  }

  #assets(
    name: string,
    { assets, keep_assets }: ScriptUpload["metadata"],
    before: StoredScript | undefined,
  ): StoredScript["assets"] {
    if (!assets) return keep_assets ? before?.assets : undefined;
    const { _headers, _redirects, ...config } = assets.config ?? {};
    const rendered: Record<string, unknown> = {
      ...(_headers === undefined ? {} : { headers: _headers }),
      ...(_redirects === undefined ? {} : { redirects: _redirects }),
      ...Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
    };
    if (assets.jwt !== undefined) {
      const files = [...this.#options.assets.complete(assets.jwt, name)];
      return { config: rendered, files };
    }
    if (keep_assets && before?.assets) return { config: rendered, files: before.assets.files };
    const message = "assets.jwt is missing: the token of a finished assets-upload-session.";
    throw ApiError.of(400, "badUpload", message);
  }

  #oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** @throws {ApiError} 404/10007 */
export function findScript(store: ScriptStore, name: string): StoredScript {
  const script = store.get(name);
  if (script) return script;
  throw ApiError.of(
    404,
    "scriptNotFound",
    "This Worker does not exist on your account.",
    `The emulator has no Worker with the name "${name}".`,
  );
}

/** @throws {ApiError} 404/10056 */
export function findSecret(script: StoredScript, secretName: string): StoredBinding {
  const secret = script.bindings.find(
    ({ type, name }) => type === "secret_text" && name === secretName,
  );
  if (secret) return secret;
  const message = `The Worker "${script.name}" has no secret with the name "${secretName}".`;
  throw ApiError.of(404, "bindingNotFound", message);
}

/** What an upload declares, and what it keeps of the version before. */
function keepBindings(
  declared: StoredBinding[],
  keep: readonly string[],
  before: StoredScript | undefined,
): StoredBinding[] {
  const names = new Set(declared.map(({ name }) => name));
  const kept = (before?.bindings ?? []).filter(
    ({ type, name }) => keep.includes(type) && !names.has(name),
  );
  return [...declared, ...kept];
}

function otherThan(before: number | undefined): number {
  const time = randomInt(1, 1000);
  return time === before ? time + 1 : time;
}
