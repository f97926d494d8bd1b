import type { LiveGeneration } from "./live-generation.js";

/** Old generations that may still be finishing; an older one is cut short. */
const MAX_RETIRING = 2;

/** Longest time requests in flight may keep back a generation that needs the storage. */
const MAX_HANDOVER_MS = 5_000;

/** The generation that answers, and those before it that still finish what they began. */
export class LiveGenerations {
  readonly #options: { readonly drainMs: number; stop(number: number): Promise<void> };
  #current: LiveGeneration | undefined;
  #retiring: readonly LiveGeneration[] = [];

  constructor(options: { readonly drainMs: number; stop(number: number): Promise<void> }) {
    this.#options = options;
  }

  get current(): LiveGeneration | undefined {
    return this.#current;
  }

  get retiring(): readonly LiveGeneration[] {
    return this.#retiring;
  }

  /** Those that have the storage: one at most, unless something went wrong. */
  get owners(): readonly LiveGeneration[] {
    const running = this.#current === undefined ? [] : [this.#current];
    return [...running, ...this.#retiring].filter(({ ownsStorage }) => ownsStorage);
  }

  /** New requests go to `next`; the one before finishes what it has begun. */
  replace(next: LiveGeneration | undefined): void {
    const previous = this.#current;
    this.#current = next;
    if (previous === undefined) return;
    this.#retiring = [...this.#retiring, previous];
    const { drainMs } = this.#options;
    previous.retire(previous.ownsStorage ? Math.min(drainMs, MAX_HANDOVER_MS) : drainMs, () => {
      this.#leave(previous);
      void this.#options.stop(previous.number);
    });
    while (this.#retiring.length > MAX_RETIRING) this.#retiring[0]?.cut();
  }

  /** The current one has ended by itself. */
  forgetCurrent(): void {
    const dead = this.#current;
    this.#current = undefined;
    dead?.retire(0, () => {});
    dead?.cut();
  }

  /** Ends those that have the storage; resolves when their workerd is gone. */
  async endOwners(among: readonly LiveGeneration[] = this.owners): Promise<void> {
    const owners = among.filter(({ ownsStorage }) => ownsStorage);
    await Promise.all(
      owners.map(async (generation) => {
        await generation.quiesce(Math.min(this.#options.drainMs, MAX_HANDOVER_MS));
        if (this.#current === generation) this.#current = undefined;
        this.#leave(generation);
        await this.#options.stop(generation.number);
      }),
    );
  }

  /** Ends all connections now; the generations themselves end with the runtime. */
  cut(): void {
    for (const generation of this.#retiring) generation.cut();
    this.forgetCurrent();
  }

  #leave(generation: LiveGeneration): void {
    this.#retiring = this.#retiring.filter((one) => one !== generation);
  }
}
