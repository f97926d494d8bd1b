import type { IncomingMessage } from "node:http";
import { CancelledError } from "../upstreams/cancellation.js";

/** The largest request a gateway takes, in bytes. */
export const MAX_REQUEST_BYTES = 25 << 20;

export class RequestTooLargeError extends Error {
  override readonly name = "RequestTooLargeError";
}

const empty = Buffer.alloc(0);

/**
 * Reads a request's body whole: a cache key, a retry and a log row all need it.
 * @throws {RequestTooLargeError} when there is more than 25 MB of it.
 * @throws {CancelledError} when the caller goes before the end.
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_REQUEST_BYTES) {
        request.removeAllListeners("data");
        request.resume();
        reject(new RequestTooLargeError());
      } else if (chunks) chunks.push(chunk);
      else if (first) chunks = [first, chunk];
      else first = chunk;
    });
    request.on("end", () => resolve(chunks ? Buffer.concat(chunks, length) : (first ?? empty)));
    request.on("error", () => reject(new CancelledError("The caller has gone.")));
  });
}
