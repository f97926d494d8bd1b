import { rm } from "node:fs/promises";
import { expectNoCanary, type ScanOptions } from "./scan-for-canaries.js";

/**
 * Removes what a test leaves, and looks for its secrets in it before.
 * @throws where one is readable, after the folder is gone
 */
export async function removeFolder(folder: string, options?: ScanOptions): Promise<void> {
  try {
    await expectNoCanary(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
