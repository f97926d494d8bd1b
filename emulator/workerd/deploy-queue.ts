import type { ScriptKey } from "./script-key.js";
import type { UploadedScript } from "./uploaded-script.js";

/** A script to put up, or, without one, the key to take down. */
export interface Change {
  readonly key: ScriptKey;
  readonly script?: UploadedScript;
}

interface Waiting {
  readonly change: Change;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Applies changes one batch at a time; those that arrive meanwhile are applied together.
 *
 * `apply` returns the changes that were refused, each with its error. Throwing fails them all.
 */
export class DeployQueue {
  readonly #apply: (changes: readonly Change[]) => Promise<ReadonlyMap<Change, Error>>;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(apply: (changes: readonly Change[]) => Promise<ReadonlyMap<Change, Error>>) {
    this.#apply = apply;
  }

  add(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#working ??= this.#work().finally(() => {
        this.#working = undefined;
      });
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // Calls made in one turn go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const refused = await this.#apply(batch.map(({ change }) => change));
        for (const { change, resolve, reject } of batch) {
          const error = refused.get(change);
          if (error === undefined) resolve();
          else reject(error);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
