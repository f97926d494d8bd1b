import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

/** A new folder, and what removes it. */
export async function temporaryDirectory(): Promise<{
  readonly path: string;
  remove(): Promise<void>;
}> {
  const path = temporaryFolder("state-");
  return { path, remove: () => removeFolder(path) };
}

/** Every file below a folder. */
export async function allFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
