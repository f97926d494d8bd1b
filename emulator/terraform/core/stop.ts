import { ProviderError } from "./diagnostics.js";

/** How long a write that is under way may still take once Terraform was interrupted. */
const GRACE_MS = 5_000;

/**
 * Ctrl-C, as a provider sees it.
 *
 * Waiting and new requests end at once. A write that is on its way gets a few seconds: cut off, it
 * would leave an object the state knows nothing of.
 */
export class Stop {
  readonly #waiting = new AbortController();
  readonly #writing = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborts when nothing new may begin. */
  get signal(): AbortSignal {
    return this.#waiting.signal;
  }

  /** Aborts when even a write under way must end. */
  get writeSignal(): AbortSignal {
    return this.#writing.signal;
  }

  get requested(): boolean {
    return this.#waiting.signal.aborted;
  }

  /** Terraform asked to stop. */
  request(): void {
    if (this.requested) return;
    this.#waiting.abort(interrupted());
    this.#timer = setTimeout(() => this.#writing.abort(interrupted()), GRACE_MS).unref();
  }

  /** Terraform is gone: nobody is left to take an answer. */
  now(): void {
    clearTimeout(this.#timer);
    this.#waiting.abort(interrupted());
    this.#writing.abort(interrupted());
  }
}

const interrupted = (): ProviderError =>
  new ProviderError("Interrupted", "Terraform was asked to stop before this call ended.");
