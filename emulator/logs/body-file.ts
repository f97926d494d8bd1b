import * as fs from "node:fs";
import * as path from "node:path";
import type { LogPayload } from "./log-entry.js";

/** Where a row's two bodies lie. They are in one segment, though not always side by side. */
export type BodyPlace = readonly [
  segment: number,
  requestOffset: number,
  requestLength: number,
  responseOffset: number,
  responseLength: number,
];

interface Segment {
  readonly number: number;
  size: number;
  /** Rows that still point here; the file goes with the last one. */
  live: number;
  /** Bodies that are not on disk, in the order of their places. */
  pending: { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Bodies that come again, and where they are. */
  readonly known: WeakMap<Uint8Array, number>;
  fd: number | undefined;
}

const SEGMENT_BYTES = 16 << 20;
/** Beyond this the oldest bodies go and their rows stay. */
const MAX_BYTES_ON_DISK = 1 << 30;
const MAX_BYTES_IN_MEMORY = 64 << 20;
/** More than this is not left waiting for the next batch. */
const MAX_PENDING_BYTES = 64 << 20;

/**
 * The bodies of one gateway's log: raw bytes in files of limited size, found by their offset.
 * Nothing is encoded on the way in; a file is deleted when no row needs it.
 */
export class BodyFile {
  readonly #directory: string | undefined;
  readonly #segments = new Map<number, Segment>();
  #current: Segment | undefined;
  #bytes = 0;
  #pendingBytes = 0;

  /** @param directory none: bodies stay in memory. */
  constructor(directory: string | undefined) {
    this.#directory = directory;
    if (directory === undefined || !fs.existsSync(directory)) return;
    for (const name of fs.readdirSync(directory)) {
      const number = Number(/^bodies-(\d+)\.bin$/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      const { size } = fs.statSync(path.join(directory, name));
      this.#segments.set(number, {
        number,
        size,
        live: 0,
        pending: [],
        known: new WeakMap(),
        fd: undefined,
      });
      this.#bytes += size;
    }
  }

  add({ request, response, repeated = false }: LogPayload): BodyPlace {
    const length = request.length + response.length;
    let segment = this.#current;
    const segmentBytes = this.#directory === undefined ? SEGMENT_BYTES / 4 : SEGMENT_BYTES;
    if (!segment || segment.size + length > segmentBytes) segment = this.#openSegment();
    segment.live++;
    const requestOffset = this.#put(segment, request, repeated);
    const responseOffset = this.#put(segment, response, repeated);
    if (this.#directory !== undefined && this.#pendingBytes > MAX_PENDING_BYTES) this.flush();
    return [segment.number, requestOffset, request.length, responseOffset, response.length];
  }

  /** @returns undefined when the bytes are gone, for want of room or because a write was torn. */
  read([number, ...place]: BodyPlace): LogPayload | undefined {
    const segment = this.#segments.get(number);
    const request = segment && this.#get(segment, place[0], place[1]);
    const response = segment && this.#get(segment, place[2], place[3]);
    return request && response && { request, response };
  }

  /** Says at load that a row needs its bodies. */
  retain([number]: BodyPlace): void {
    const segment = this.#segments.get(number);
    if (segment) segment.live++;
  }

  release([number]: BodyPlace): void {
    const segment = this.#segments.get(number);
    if (segment && --segment.live <= 0 && segment !== this.#current) this.#drop(segment);
  }

  /** Drops what no row needs: after a load, and once a log is empty. */
  sweep(): void {
    for (const segment of [...this.#segments.values()]) {
      if (segment.live <= 0) this.#drop(segment);
    }
  }

  flush(): void {
    if (this.#directory === undefined) return;
    for (const segment of this.#segments.values()) {
      const start = segment.pending[0]?.offset;
      if (start === undefined) continue;
      const chunks: Uint8Array[] = [];
      for (const { bytes } of segment.pending) chunks.push(bytes);
      // What waits was added in a row, so it is one piece.
      const bytes = Buffer.concat(chunks);
      fs.writeSync(this.#open(segment), bytes, 0, bytes.length, start);
      segment.pending = [];
    }
    this.#pendingBytes = 0;
  }

  close(): void {
    for (const segment of this.#segments.values()) {
      if (segment.fd !== undefined) fs.closeSync(segment.fd);
      segment.fd = undefined;
    }
  }

  #put(segment: Segment, bytes: Uint8Array, repeated: boolean): number {
    const known = repeated ? segment.known.get(bytes) : undefined;
    if (known !== undefined) return known;
    const offset = segment.size;
    if (repeated) segment.known.set(bytes, offset);
    segment.pending.push({ offset, bytes });
    segment.size += bytes.length;
    this.#bytes += bytes.length;
    this.#pendingBytes += bytes.length;
    return offset;
  }

  #get(segment: Segment, offset: number, length: number): Uint8Array | undefined {
    const waiting = segment.pending[0];
    if (length === 0) return new Uint8Array();
    if (waiting && offset >= waiting.offset) {
      return segment.pending.find((one) => one.offset === offset && one.bytes.length > 0)?.bytes;
    }
    if (this.#directory === undefined || offset + length > segment.size) return undefined;
    const bytes = Buffer.alloc(length);
    return fs.readSync(this.#open(segment), bytes, 0, length, offset) < length ? undefined : bytes;
  }

  #openSegment(): Segment {
    const number = Math.max(0, ...this.#segments.keys()) + 1;
    const segment: Segment = {
      number,
      size: 0,
      live: 0,
      pending: [],
      known: new WeakMap(),
      fd: undefined,
    };
    const previous = this.#current;
    this.#segments.set(number, segment);
    this.#current = segment;
    if (previous && previous.live <= 0) this.#drop(previous);
    const limit = this.#directory === undefined ? MAX_BYTES_IN_MEMORY : MAX_BYTES_ON_DISK;
    for (const oldest of [...this.#segments.values()]) {
      if (this.#bytes <= limit || oldest === segment) break;
      this.#drop(oldest);
    }
    return segment;
  }

  #drop(segment: Segment): void {
    this.#segments.delete(segment.number);
    if (this.#current === segment) this.#current = undefined;
    this.#bytes -= segment.size;
    for (const { bytes } of segment.pending) this.#pendingBytes -= bytes.length;
    if (segment.fd !== undefined) fs.closeSync(segment.fd);
    if (this.#directory !== undefined) fs.rmSync(this.#file(segment), { force: true });
  }

  #open(segment: Segment): number {
    if (segment.fd === undefined) {
      fs.mkdirSync(this.#directory as string, { recursive: true, mode: 0o700 });
      segment.fd = fs.openSync(
        this.#file(segment),
        fs.constants.O_RDWR | fs.constants.O_CREAT,
        0o600,
      );
    }
    return segment.fd;
  }

  #file({ number }: Segment): string {
    return path.join(this.#directory as string, `bodies-${number}.bin`);
  }
}
