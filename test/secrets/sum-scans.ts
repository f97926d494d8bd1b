import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { require as load } from "tsx/cjs/api";

// Jest loads this file itself, without the configuration that finds "./x.js" in x.ts.
const { readNotes }: typeof import("./run-notes.js") = load("./run-notes.ts", __filename);
const { readable }: typeof import("./scan-for-canaries.js") = load(
  "./scan-for-canaries.ts",
  __filename,
);
const { sweep }: typeof import("./sweep.js") = load("./sweep.ts", __filename);

const DRAINED_MS = 250;

/**
 * After all tests: looks through what they have left, and tells how much was looked through for how many secrets.
 * @throws where one is readable
 */
export default async function sumScans(): Promise<void> {
  const notes = process.env.CANARY_SCANS;
  if (notes === undefined) return;
  // What a worker wrote last is in its pipe yet, to be read by jest when it gets to it.
  await setTimeout(DRAINED_MS);
  try {
    const hits = await sweep(tmpdir());
    process.stderr.write(`\n${sum()}\n`);
    if (hits.length > 0) throw new Error(readable(hits));
  } finally {
    delete process.env.CANARY_SCANS;
    process.env.TMPDIR = process.env.SHARED_TMPDIR;
    rmSync(dirname(notes), { recursive: true, maxRetries: 5 });
  }
}

function sum(): string {
  const scans = readNotes("scan");
  const secrets = readNotes("secret");
  const all = (key: "files" | "bytes" | "hits" | "milliseconds") =>
    scans.reduce((sum, scan) => sum + scan[key], 0);
  const count = (number: number) => number.toLocaleString("en-US");
  const names = new Set(secrets.map(({ name }) => name)).size;
  const values = new Set(secrets.map(({ value }) => value)).size;
  return (
    `Secrets: ${names}, with ${count(values)} values, looked for in ${count(all("files"))} files and outputs, ` +
    `${(all("bytes") / 1e6).toFixed(1)} MB, in ${count(scans.length)} scans of together ` +
    `${(all("milliseconds") / 1e3).toFixed(1)} s: ${all("hits")} readable.`
  );
}
