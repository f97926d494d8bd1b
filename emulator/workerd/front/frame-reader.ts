const CLOSE = 0x8;

/**
 * Follows the frames of one direction of a WebSocket, so that a frame of our own can be put
 * between two of them. Payloads are not looked at.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export class FrameReader {
  #header: number[] = [];
  #payload = 0;
  #sawClose = false;

  /** Whether everything read so far ends with a whole frame. */
  get isBetweenFrames(): boolean {
    return this.#header.length === 0 && this.#payload === 0;
  }

  /** Whether the other side has said its last. */
  get sawClose(): boolean {
    return this.#sawClose;
  }

  /**
   * Reads on.
   *
   * @param stop whether to stop at the first end of a frame
   * @returns number of bytes read
   */
  read(chunk: Uint8Array, stop: boolean): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload > 0) {
        const taken = Math.min(this.#payload, chunk.length - at);
        this.#payload -= taken;
        at += taken;
      } else {
        this.#header.push(chunk[at] as number);
        at += 1;
        this.#readHeader();
      }
      if (stop && this.isBetweenFrames) break;
    }
    return at;
  }

  #readHeader(): void {
    const [first = 0, second] = this.#header;
    if (second === undefined) return;
    const short = second & 0x7f;
    const sizeBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = second & 0x80 ? 4 : 0;
    if (this.#header.length < 2 + sizeBytes + maskBytes) return;
    const size = this.#header.slice(2, 2 + sizeBytes);
    this.#payload = sizeBytes === 0 ? short : size.reduce((sum, byte) => sum * 256 + byte, 0);
    this.#sawClose ||= (first & 0x0f) === CLOSE;
    this.#header = [];
  }
}

/** A server's close frame. `reason` takes at most 123 bytes. */
export function renderCloseFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason);
  const head = Buffer.from([0x80 | CLOSE, text.length + 2, code >> 8, code & 0xff]);
  return Buffer.concat([head, text]);
}
