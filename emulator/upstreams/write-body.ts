import type { OutgoingMessage } from "node:http";

/** Above this the copy costs more than it saves. */
const SMALL = 16 << 10;

/**
 * Node joins a head and a string into one write, and a head and a buffer never: for small bodies
 * the second write is the dearest part of an answer. Latin1 keeps every byte as it is.
 */
export function writeBody(message: OutgoingMessage, body: Buffer): boolean {
  return body.length <= SMALL
    ? message.write(body.toString("latin1"), "latin1")
    : message.write(body);
}

/** As `writeBody`, for the last bytes, which are also the first. */
export function endWithBody(message: OutgoingMessage, body: Buffer): void {
  if (body.length <= SMALL) message.end(body.toString("latin1"), "latin1");
  else message.end(body);
}
