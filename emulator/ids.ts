import { randomBytes, randomInt } from "node:crypto";
import type { Clock } from "./clock.js";

const POOL_BYTES = 4096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

/** Ids are made on the hot path of the gateway: one system call buys hundreds of them. */
function takeRandom(count: number): Buffer {
  if (used + count > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

/**
 * A lower-case UUIDv7: the form of log, event and request ids. Sorts by the clock's time, to the
 * millisecond.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function uuidV7(clock: Clock): string {
  const random = takeRandom(10);
  const time = clock.now().toString(16).padStart(12, "0");
  const version = ((random[0] as number) & 0x0f) | 0x70;
  const variant = ((random[2] as number) & 0x3f) | 0x80;
  const tail = random.toString("hex");
  return (
    `${time.slice(0, 8)}-${time.slice(8, 12)}-${version.toString(16)}${tail.slice(2, 4)}-` +
    `${variant.toString(16)}${tail.slice(6, 8)}-${tail.slice(8, 20)}`
  );
}

/** `bytes` random bytes in lower-case hex; 16 is the form of Cloudflare's account ids and tags. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/** 40 characters of `[A-Za-z0-9_-]`: the form Cloudflare's provider demands of an API token. */
export function randomApiToken(): string {
  return Array.from({ length: 40 }, () => tokenAlphabet[randomInt(tokenAlphabet.length)]).join("");
}
