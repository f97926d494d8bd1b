/** How much somebody may send: so much at once, and more as time goes by. */
export class FrameBudget {
  readonly #burst: number;
  readonly #perSecond: number;
  // In memory only: a room that had time to hibernate had time to fill every budget again.
  readonly #left = new WeakMap<object, { count: number; at: number }>();

  constructor({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** @returns false when nothing is left of it. */
  take(who: object, now: number): boolean {
    const { count, at } = this.#left.get(who) ?? { count: this.#burst, at: now };
    const left = Math.min(this.#burst, count + (Math.max(0, now - at) / 1000) * this.#perSecond);
    const may = left >= 1;
    this.#left.set(who, { count: may ? left - 1 : left, at: now });
    return may;
  }
}
