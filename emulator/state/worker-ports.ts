import { type StateDocument, withEntry } from "./state-document.js";
import type { StateFile } from "./state-file.js";

/**
 * Which loopback port a Worker has, over restarts: its URL is in Terraform's state. Keys are the
 * Worker host's; they outlive the script, so that one deployed again is where it was.
 */
export class WorkerPorts {
  readonly #file: StateFile<StateDocument>;

  constructor(file: StateFile<StateDocument>) {
    this.#file = file;
  }

  get(key: string): number | undefined {
    return this.#file.current.workerPorts.get(key);
  }

  /** Resolves when the port is on disk. */
  set(key: string, port: number): Promise<void> {
    return this.#put(key, port);
  }

  delete(key: string): Promise<void> {
    return this.#put(key, undefined);
  }

  #put(key: string, port: number | undefined): Promise<void> {
    return this.#file.update((state) => [
      { ...state, workerPorts: withEntry(state.workerPorts, key, port) },
      undefined,
    ]);
  }
}
