import type { StoredScript } from "../../state/state-document.js";
import { ScriptRefusedError, type WorkerHost } from "../../workerd/uploaded-script.js";
import { ApiError } from "../api-error.js";
import type { ClassPlace } from "./class-registry.js";
import type { ScriptStore } from "./store.js";

/** A script as it is to be, and as it is. */
export interface ScriptChange {
  readonly script: StoredScript;
  readonly before: StoredScript | undefined;
}

export interface ScriptSwitchOptions {
  readonly accountId: string;
  readonly store: ScriptStore;
  readonly workers: WorkerHost;
  /** Removes what a deleted class stored. */
  readonly dropStorage: (product: "durable_object", key: string) => Promise<void>;
  /** Takes what a person should know. */
  readonly log?: (line: string) => void;
}

/** Switches one or several scripts from what they are to what they are to be. */
export class ScriptSwitch {
  readonly #options: ScriptSwitchOptions;

  constructor(options: ScriptSwitchOptions) {
    this.#options = options;
  }

  /**
   * Runs all of them, then stores them; what could not be stored does not go on running.
   * @throws {ApiError} 400/10021 with the reason when one does not start
   */
  async replace(changes: readonly ScriptChange[]): Promise<void> {
    const { store, workers, accountId } = this.#options;
    await this.run(changes);
    try {
      await store.put(...changes.map(({ script }) => script));
    } catch (error) {
      await this.#runBefore(changes);
      throw error;
    }
    for (const { script } of changes) {
      workers.setPublic(accountId, script.name, script.subdomain.enabled);
    }
  }

  /** Runs all of them, or none. */
  async run(changes: readonly ScriptChange[]): Promise<void> {
    const { store, workers } = this.#options;
    const scripts = await Promise.all(changes.map(({ script }) => store.load(script)));
    // In one turn: the host then switches to all of them at once, and a class that moves from one
    // to another is never in both or in none.
    const results = await Promise.allSettled(scripts.map((script) => workers.deploy(script)));
    const failed = results.find((result) => result.status === "rejected");
    if (!failed) return;
    await this.#runBefore(changes.filter((_, index) => results[index]?.status === "fulfilled"));
    if (!(failed.reason instanceof ScriptRefusedError)) throw failed.reason;
    throw ApiError.of(400, "scriptRefused", failed.reason.message);
  }

  async #runBefore(changes: readonly ScriptChange[]): Promise<void> {
    const { store, workers, accountId } = this.#options;
    const loaded = await Promise.all(
      changes.map(async ({ script, before }) => ({
        name: script.name,
        before: before && (await store.load(before)),
      })),
    );
    await Promise.all(
      loaded.map(({ name, before }) =>
        before ? workers.deploy(before) : workers.remove(accountId, name),
      ),
    );
  }

  /** Removes what the objects of deleted classes stored; only once nothing can go back any more. */
  async dropClasses(dropped: readonly ClassPlace[]): Promise<void> {
    const { dropStorage, log } = this.#options;
    for (const { scriptName, storedClass } of dropped) {
      const { class_name, namespace_id } = storedClass;
      try {
        await dropStorage("durable_object", namespace_id);
      } catch (error) {
        // The class is gone; what stays on disk is unreachable until the next start removes it.
        log?.(
          `The storage of the deleted class "${class_name}" of "${scriptName}" could not be removed: ${(error as Error).message}`,
        );
      }
    }
  }
}
