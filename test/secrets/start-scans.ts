import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Before all tests: a folder where each process notes what it has scanned. */
export default function startScans(): void {
  process.env.CANARY_SCANS = mkdtempSync(join(tmpdir(), "canary-scans-"));
}
