/** Why work was given up. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}

/**
 * Tells everyone who works on a request that nobody waits for it any more.
 *
 * An `AbortSignal` does the same for about five times the price, which every request would pay for
 * the few that are cancelled. `signal` makes a real one for whoever needs it.
 */
export class Cancellation {
  #cancelled = false;
  #listeners: (() => void)[] | undefined;
  #controller: AbortController | undefined;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(new CancelledError("The caller has gone."));
    }
    return this.#controller.signal;
  }

  /** @returns a function that takes the listener off; a listener added too late runs at once. */
  onCancel(listener: () => void): () => void {
    if (this.#cancelled) {
      listener();
      return () => {};
    }
    this.#listeners ??= [];
    this.#listeners.push(listener);
    return () => this.#remove(listener);
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
    this.#controller?.abort(new CancelledError("The caller has gone."));
  }

  #remove(listener: () => void): void {
    const index = this.#listeners?.indexOf(listener) ?? -1;
    if (index >= 0) this.#listeners?.splice(index, 1);
  }
}
