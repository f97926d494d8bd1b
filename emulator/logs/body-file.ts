import * as fs from "node:fs";
import * as path from "node:path";
import type { LogPayload } from "./log-entry.js";

/** Where a row's two bodies lie: segment, offset, length of the request, length of the response. */
export type BodyPlace = readonly [number, number, number, number];

interface Segment {
  readonly number: number;
  size: number;
  /** Rows that still point here; the file goes with the last one. */
  live: number;
  /** Bodies that are not on disk, in the order of their places. */
  pending: { readonly offset: number; readonly payload: LogPayload }[];
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
      this.#segments.set(number, { number, size, live: 0, pending: [], fd: undefined });
      this.#bytes += size;
    }
  }

  add(payload: LogPayload): BodyPlace {
    const { request, response } = payload;
    const length = request.length + response.length;
    let segment = this.#current;
    const segmentBytes = this.#directory === undefined ? SEGMENT_BYTES / 4 : SEGMENT_BYTES;
    if (!segment || segment.size + length > segmentBytes) segment = this.#openSegment();
    const offset = segment.size;
    segment.pending.push({ offset, payload });
    segment.size += length;
    segment.live++;
    this.#bytes += length;
    this.#pendingBytes += length;
    if (this.#directory !== undefined && this.#pendingBytes > MAX_PENDING_BYTES) this.flush();
    return [segment.number, offset, request.length, response.length];
  }

  /** @returns undefined when the bytes are gone, for want of room or because a write was torn. */
  read([number, offset, requestLength, responseLength]: BodyPlace): LogPayload | undefined {
    const segment = this.#segments.get(number);
    if (!segment) return undefined;
    const waiting = segment.pending[0];
    if (waiting && offset >= waiting.offset) {
      return segment.pending.find((one) => one.offset === offset)?.payload;
    }
    const length = requestLength + responseLength;
    if (this.#directory === undefined || offset + length > segment.size) return undefined;
    const bytes = Buffer.alloc(length);
    if (fs.readSync(this.#open(segment), bytes, 0, length, offset) < length) return undefined;
    return { request: bytes.subarray(0, requestLength), response: bytes.subarray(requestLength) };
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
      for (const { payload } of segment.pending) chunks.push(payload.request, payload.response);
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

  #openSegment(): Segment {
    const number = Math.max(0, ...this.#segments.keys()) + 1;
    const segment: Segment = { number, size: 0, live: 0, pending: [], fd: undefined };
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
    for (const { payload } of segment.pending) {
      this.#pendingBytes -= payload.request.length + payload.response.length;
    }
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
