/** Tells any number of waiters that something has changed, again and again. */
export class Signal {
  #settle = () => {};
  #next = this.#make();

  /** Resolves at the next change. */
  get next(): Promise<void> {
    return this.#next;
  }

  give(): void {
    const settle = this.#settle;
    this.#next = this.#make();
    settle();
  }

  #make(): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }
}
