import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

function file(): string {
  const scans = process.env.CANARY_SCANS;
  if (scans === undefined)
    throw new Error("CANARY_SCANS is not set: jest runs without its globalSetup");
  return join(scans, "jest-output");
}

/**
 * Keeps all that jest prints while there are scans: what tests and their processes write, failures, the summary. Jest's workers
 * write through this process.
 */
export function keepJestOutput(): void {
  appendFileSync(file(), "");
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
      if (process.env.CANARY_SCANS !== undefined) appendFileSync(file(), chunk);
      return write(chunk, ...more);
    };
  }
}

/** As it was written, and without the colours that mark differences in the midst of a word. */
export function keptJestOutput(): Readonly<Record<string, string>> {
  const written = readFileSync(file(), "utf8");
  return {
    "what jest printed": written,
    "what jest printed, without its colours": stripVTControlCharacters(written),
  };
}
