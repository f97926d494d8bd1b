import type { StateDocument } from "./state-document.js";
import type { StateFile } from "./state-file.js";

/**
 * Where the API and the gateways were in the last run: cdktf writes that into what it synthesizes, and Terraform into
 * its state, so the next run has to be there as well.
 */
export class ApiPort {
  readonly #file: StateFile<StateDocument>;

  constructor(file: StateFile<StateDocument>) {
    this.#file = file;
  }

  get(): number | undefined {
    return this.#file.current.apiPort;
  }

  /** Resolves when the port is on disk. */
  async set(port: number): Promise<void> {
    if (port === this.get()) return;
    await this.#file.update((state) => [{ ...state, apiPort: port }, undefined]);
  }
}
