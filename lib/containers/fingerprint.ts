import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Not part of what an image is made from, and large. */
const skipped = new Set([".git", "node_modules"]);

/** Changes with the names and contents of a folder's files. */
export function fingerprintOf(directory: string): string {
  const hash = createHash("sha256");
  for (const name of listFiles(directory)) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(directory, name)))
      .update("\0");
  }
  return hash.digest("hex");
}

function listFiles(directory: string, below = ""): string[] {
  return readdirSync(join(directory, below), { withFileTypes: true })
    .flatMap((entry) => {
      const name = join(below, entry.name);
      if (skipped.has(entry.name)) return [];
      if (entry.isDirectory()) return listFiles(directory, name);
      return entry.isFile() ? [name] : [];
    })
    .sort();
}
