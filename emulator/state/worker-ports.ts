import { type StateDocument, withEntry } from "./state-document.js";
import type { StateFile } from "./state-file.js";

/** Which loopback port a Worker has, over restarts: its URL is in Terraform's state. */
export class WorkerPorts {
  readonly #file: StateFile<StateDocument>;

  constructor(file: StateFile<StateDocument>) {
    this.#file = file;
  }

  get(accountId: string, scriptName: string): number | undefined {
    return this.#file.current.workerPorts.get(`${accountId}/${scriptName}`);
  }

  /** Every port taken, whichever Worker's. */
  all(): readonly number[] {
    return [...this.#file.current.workerPorts.values()];
  }

  /** Resolves when the port is on disk. */
  set(accountId: string, scriptName: string, port: number): Promise<void> {
    return this.#put(`${accountId}/${scriptName}`, port);
  }

  delete(accountId: string, scriptName: string): Promise<void> {
    return this.#put(`${accountId}/${scriptName}`, undefined);
  }

  #put(key: string, port: number | undefined): Promise<void> {
    return this.#file.update((state) => [
      { ...state, workerPorts: withEntry(state.workerPorts, key, port) },
      undefined,
    ]);
  }
}
