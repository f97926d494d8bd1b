import { randomBytes } from "node:crypto";

export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/**
 * A `multipart/form-data` body.
 *
 * Written by hand: the platform's FormData gives every part with a content type a file name, and
 * the metadata part of an upload must have none.
 */
export function multipart(parts: readonly Part[]): {
  readonly body: Uint8Array;
  readonly contentType: string;
} {
  const boundary = randomBytes(30).toString("hex");
  const chunks = parts.flatMap(({ name, filename, contentType, content }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"` +
        `${filename === undefined ? "" : `; filename="${quoted(filename)}"`}\r\n` +
        `Content-Type: ${contentType}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

const quoted = (text: string): string => text.replace(/["\\]/g, "\\$&");

/** The first part of a multipart body; undefined when it is none. */
export function firstPart(body: Buffer, contentType: string): Buffer | undefined {
  const match = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) return undefined;
  const begin = body.indexOf(`--${boundary}`);
  const head = body.indexOf("\r\n\r\n", begin);
  const end = body.indexOf(`\r\n--${boundary}`, head);
  return begin < 0 || head < 0 || end < 0 ? undefined : body.subarray(head + 4, end);
}
