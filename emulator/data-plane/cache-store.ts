/** A stored answer. */
export interface CachedAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** The body of every request this answers, where the key was made from it. */
  readonly request: Buffer | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** One answer at most, in bytes. @see https://developers.cloudflare.com/ai-gateway/reference/limits/ */
export const MAX_CACHED_BYTES = 25 << 20;

const DEFAULT_MAX_BYTES = 256 << 20;
/** What an entry costs besides its body: headers, key, map slot. */
const ENTRY_OVERHEAD = 1024;
/** Entries used within this time of each other count as used at once. */
const MOVE_MS = 1000;

/**
 * The answers all gateways have cached, in memory, bounded by their size; the one used longest ago
 * goes first.
 */
export class CacheStore {
  readonly #entries = new Map<string, CachedAnswer & { movedAt: number }>();
  readonly #maxBytes: number;
  #bytes = 0;
  #generation = 0;

  constructor(maxBytes = DEFAULT_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Another number after each `drop`. */
  get generation(): number {
    return this.#generation;
  }

  get(key: string, now: number): CachedAnswer | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt <= now) {
      this.#remove(key, entry);
      return undefined;
    }
    // To the young end of the map, but not at every hit of a busy entry.
    if (now - entry.movedAt >= MOVE_MS) {
      entry.movedAt = now;
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry;
  }

  set(key: string, answer: CachedAnswer, now: number): void {
    const old = this.#entries.get(key);
    if (old) this.#remove(key, old);
    if (answer.body.length > MAX_CACHED_BYTES) return;
    this.#entries.set(key, { ...answer, movedAt: now });
    this.#bytes += answer.body.length + ENTRY_OVERHEAD;
    if (this.#bytes > this.#maxBytes) this.#evict();
  }

  /** Drops everything whose key begins so. */
  drop(prefix: string): void {
    this.#generation++;
    for (const [key, entry] of this.#entries) {
      if (key.startsWith(prefix)) this.#remove(key, entry);
    }
  }

  #remove(key: string, entry: CachedAnswer): void {
    this.#entries.delete(key);
    this.#bytes -= entry.body.length + ENTRY_OVERHEAD;
  }

  /** A tenth at once: a map's first key takes a walk over all that were deleted before it. */
  #evict(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes * 0.9) return;
      this.#remove(key, entry);
    }
  }
}
