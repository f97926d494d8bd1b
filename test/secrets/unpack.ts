import { gunzipSync, inflateRawSync } from "node:zlib";

/** Something that was packed into a file, and where in it. */
export interface Packed {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What is packed in these bytes: the entries of a ZIP archive such as a plan file, gzip anywhere, also in base64. */
export function unpack(bytes: Buffer): readonly Packed[] {
  return [...zipEntries(bytes), ...gzipParts(bytes), ...base64Parts(bytes)];
}

const END_OF_DIRECTORY = Buffer.from("PK\x05\x06", "latin1");
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LOCAL_LENGTH = 30;

function zipEntries(bytes: Buffer): readonly Packed[] {
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  if (bytes.toString("latin1", 0, 2) !== "PK" || end < 0 || end + END_LENGTH > bytes.length) {
    return [];
  }
  const entries: Packed[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      bytes.readUInt16LE(at + field),
    ) as [number, number, number];
    const local = bytes.readUInt32LE(at + 42);
    const from =
      local + LOCAL_LENGTH + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(from, from + bytes.readUInt32LE(at + 20));
    const isStored = bytes.readUInt16LE(at + 10) === 0;
    entries.push({
      name: bytes.toString("utf8", at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength),
      bytes: isStored ? content : inflateRawSync(content),
    });
    at += ENTRY_LENGTH + nameLength + extraLength + commentLength;
  }
  return entries;
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

function gzipParts(bytes: Buffer): readonly Packed[] {
  const parts: Packed[] = [];
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      parts.push({ name: `gzip at ${at}`, bytes: gunzipSync(bytes.subarray(at)) });
    } catch {
      // Three bytes that only look like it.
    }
  }
  return parts;
}

function base64Parts(bytes: Buffer): readonly Packed[] {
  if (!bytes.includes("H4sI")) return [];
  return [...bytes.toString("latin1").matchAll(/H4sI[\w+/-]{16,}/g)].flatMap(({ 0: text, index }) =>
    gzipParts(Buffer.from(text, "base64")).map((part) => ({
      ...part,
      name: `base64 at ${index}, ${part.name}`,
    })),
  );
}
