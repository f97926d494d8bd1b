const TAIL_BYTES = 32 << 10;
const HEAD_BYTES = 8 << 10;
const nothing = Buffer.alloc(0);

/**
 * What passed by on the way to the caller: the whole body up to a limit, and in any case its first
 * and last bytes, where providers write what an answer used.
 */
export class BodyRecording {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #length = 0;
  #tail: Buffer[] = [];
  #tailLength = 0;
  #head: Buffer = nothing;

  /** @param limit bytes; a longer body is not kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= this.#limit) {
      this.#chunks.push(chunk);
      return;
    }
    if (this.#chunks.length > 0) {
      const whole = Buffer.concat(this.#chunks);
      this.#chunks = [];
      this.#keepEnds(whole);
    }
    this.#keepEnds(chunk);
  }

  /** @returns undefined when it was longer than the limit. */
  body(): Buffer | undefined {
    if (this.#length > this.#limit) return undefined;
    const [first = nothing, ...rest] = this.#chunks;
    const body = rest.length > 0 ? Buffer.concat(this.#chunks) : first;
    this.#chunks = [body];
    return body;
  }

  /** The first and the last part of the text; the same when there was not much of it. */
  ends(): string[] {
    const body = this.body();
    if (!body) return [this.#head.toString("latin1"), Buffer.concat(this.#tail).toString("latin1")];
    if (body.length <= TAIL_BYTES) return [body.toString("latin1")];
    return [
      body.subarray(0, HEAD_BYTES).toString("latin1"),
      body.subarray(-TAIL_BYTES).toString("latin1"),
    ];
  }

  #keepEnds(chunk: Buffer): void {
    if (this.#head.length < HEAD_BYTES) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_BYTES - this.#head.length)]);
    }
    // A copy: a slice would keep the whole of a large chunk.
    const end = Buffer.from(chunk.subarray(-TAIL_BYTES));
    this.#tail.push(end);
    this.#tailLength += end.length;
    for (;;) {
      const oldest = this.#tail[0];
      if (!oldest || this.#tailLength - oldest.length < TAIL_BYTES) return;
      this.#tail.shift();
      this.#tailLength -= oldest.length;
    }
  }
}
