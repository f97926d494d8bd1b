import { randomInt } from "node:crypto";
import type { Clock } from "../../clock.js";
import { randomHex } from "../../ids.js";
import { oneByOne } from "../../one-by-one.js";
import type { StoredBinding, StoredSchedule, StoredScript } from "../../state/state-document.js";
import type { ScriptBinding, WorkerHost } from "../../workerd/uploaded-script.js";
import { ApiError } from "../api-error.js";
import type { AssetUploads } from "./asset-uploads.js";
import {
  type ClassChange,
  changeClasses,
  changedNeighbours,
  deletedClassNames,
  followBinding,
} from "./change-classes.js";
import { checkBindings } from "./check-bindings.js";
import { droppedClasses } from "./class-registry.js";
import { checkTailConsumers, checkUnused, leftBehind } from "./dependents.js";
import { moduleExports } from "./module-exports.js";
import type { ScriptUpload } from "./read-upload.js";
import { resolveBindings } from "./resolve-bindings.js";
import { ScriptSwitch } from "./script-switch.js";
import type { ScriptStore } from "./store.js";
import { takeAssets } from "./take-assets.js";

export interface DeploymentsOptions {
  readonly accountId: string;
  readonly store: ScriptStore;
  readonly workers: WorkerHost;
  /** Removes what a deleted class stored. */
  readonly dropStorage: (product: "durable_object", key: string) => Promise<void>;
  readonly assets: AssetUploads;
  readonly clock: Clock;
  /** Told that schedules were set or removed. */
  readonly onSchedules?: () => void;
  /** Takes what a person should know. */
  readonly log?: (line: string) => void;
}

/**
 * Changes what runs, then what is remembered: a script that does not start is never stored, and one
 * that could not be stored does not go on running. One change at a time.
 */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #switch: ScriptSwitch;
  readonly #oneByOne = oneByOne();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    this.#switch = new ScriptSwitch(options);
  }

  /**
   * Takes a version of a script and runs it. Whatever it is refused for, nothing has changed then.
   * @throws {ApiError} 400/10021 with the reason when the script does not start.
   */
  upload(name: string, { metadata, modules }: ScriptUpload): Promise<StoredScript> {
    return this.#oneByOne(async () => {
      const { store } = this.#options;
      const before = store.get(name);
      const assets = takeAssets(name, metadata, before, this.#options.assets);
      const main = modules.find((module) => module.name === metadata.main_module);
      const exported = main ? await moduleExports(main.content) : new Set<string>();
      const scripts = store.list();
      const change = changeClasses(name, metadata, scripts, exported);
      const neighbours = changedNeighbours(name, change, scripts);
      const bindings = this.#bindings(name, metadata, before, change);
      if (!assets && bindings.some(({ type }) => type === "assets")) {
        throw ApiError.of(400, "badUpload", "A binding of type assets needs assets in the upload.");
      }
      checkTailConsumers(metadata.echoed.tail_consumers, name, store);
      const stored = await store.putModules(modules);
      try {
        const now = new Date(this.#options.clock.now()).toISOString();
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
          ...(change.migrationTag === undefined ? {} : { migration_tag: change.migrationTag }),
          classes: [...(change.after.get(name) ?? [])],
          declares_exports: change.declaresExports,
          ...(exported ? { exported: [...exported] } : {}),
          schedules: before?.schedules ?? [],
          ...(assets ? { assets } : {}),
          // Scripts uploaded through the API start with workers.dev off.
          subdomain: before?.subdomain ?? { enabled: false, previews_enabled: false },
          echoed: { ...metadata.echoed },
        };
        await this.#switch.replace([{ script, before }, ...neighbours]);
        await this.#switch.dropClasses(droppedClasses(change.before, change.after));
        return script;
      } finally {
        for (const held of stored.held) held.release();
      }
    });
  }

  /** Runs the stored version again, with what the account has now: its queues, images, secrets. */
  refresh(name: string): Promise<void> {
    return this.#oneByOne(async () => {
      const script = findScript(this.#options.store, name);
      await this.#switch.run([{ script, before: script }]);
    });
  }

  /** Sets when the script's `scheduled` handler runs, in place of what was set before. */
  setSchedules(name: string, crons: readonly string[]): Promise<readonly StoredSchedule[]> {
    return this.#oneByOne(async () => {
      const { store, clock } = this.#options;
      const script = findScript(store, name);
      const now = new Date(clock.now()).toISOString();
      const schedules = crons.map((cron) => {
        const same = script.schedules.find((schedule) => schedule.cron === cron);
        return { cron, created_on: same?.created_on ?? now, modified_on: now };
      });
      await store.put({ ...script, schedules });
      this.#options.onSchedules?.();
      return schedules;
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
      await this.#switch.replace([
        { script: this.#changed(script, [...others, sealed]), before: script },
      ]);
    });
  }

  deleteSecret(name: string, secretName: string): Promise<void> {
    return this.#oneByOne(async () => {
      const script = findScript(this.#options.store, name);
      const secret = findSecret(script, secretName);
      const others = script.bindings.filter((binding) => binding !== secret);
      await this.#switch.replace([{ script: this.#changed(script, others), before: script }]);
    });
  }

  setSubdomain(name: string, subdomain: StoredScript["subdomain"]): Promise<void> {
    return this.#oneByOne(async () => {
      const { store, workers, accountId } = this.#options;
      await store.put({ ...findScript(store, name), subdomain });
      workers.setPublic(accountId, name, subdomain.enabled);
    });
  }

  /** @throws {ApiError} 400/10064 while something else depends on the script */
  delete(name: string): Promise<void> {
    return this.#oneByOne(async () => {
      const { store, workers, accountId, assets, onSchedules, log } = this.#options;
      const { classes } = findScript(store, name);
      checkUnused(name, store);
      assets.forget(name);
      await store.delete(name);
      onSchedules?.();
      await workers.remove(accountId, name);
      await this.#switch.dropClasses(
        classes.map((storedClass) => ({ scriptName: name, storedClass })),
      );
      const left = leftBehind(name, store.account);
      if (left !== undefined) log?.(left);
    });
  }

  #changed(script: StoredScript, bindings: StoredBinding[]): StoredScript {
    return { ...script, bindings, modified_on: new Date(this.#options.clock.now()).toISOString() };
  }

  #bindings(
    name: string,
    metadata: ScriptUpload["metadata"],
    before: StoredScript | undefined,
    change: ClassChange,
  ): StoredBinding[] {
    const { store } = this.#options;
    const declared = metadata.bindings.map((binding) =>
      binding.type === "inherit" ? binding : store.sealBinding(name, binding),
    );
    const bindings = resolveBindings(
      declared,
      metadata.keep_bindings,
      before?.bindings ?? [],
      (binding, newName) => store.renameBinding(name, binding, newName),
    );
    const same = new Set(before?.bindings);
    const followed = bindings.map((binding) =>
      same.has(binding) ? followBinding(binding, name, change.before, change.after) : binding,
    );
    checkBindings(followed, {
      scriptName: name,
      account: store.account,
      classes: change.after,
      deleted: deletedClassNames(change),
    });
    return followed;
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

function otherThan(before: number | undefined): number {
  const time = randomInt(1, 1000);
  return time === before ? time + 1 : time;
}
