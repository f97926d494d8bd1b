import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { note } from "./run-notes.js";
import { expectNoCanary, handedIn, type ScanOptions } from "./scan-for-canaries.js";

/**
 * A new folder for a test. Whoever removes it does so with {@link removeFolder}; what is left is looked through and
 * removed at the end of the run.
 *
 * @param within where it must stand in the project, so that its imports are found
 */
export function temporaryFolder(prefix: string, within = tmpdir()): string {
  const folder = mkdtempSync(join(within, prefix));
  note("made", { folder });
  return folder;
}

/**
 * Removes what a test leaves, and looks for its secrets in it before.
 * @throws where one is readable, after the folder is gone
 */
export async function removeFolder(folder: string, options?: ScanOptions): Promise<void> {
  try {
    await expectNoCanary(folder, options);
  } finally {
    note("looked", { folder });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param why a file holds secrets: only because the test itself has written it, and something is to read them there */
export function handIn(file: string, why: string): void {
  handedIn.add(file);
  note("handedIn", { file, why });
}
