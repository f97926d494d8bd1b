import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it, readable by its owner only.
 *
 * Node's own `recursive` never ends where a directory is there and takes no other, as `/proc`: it takes the refusal for a missing parent.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere = async (one: string) => (await stat(one).catch(() => undefined))?.isDirectory();
    if (code === "EEXIST" && (await isThere(path))) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path || (await isThere(parent))) throw error;
    await makeDirectory(parent);
    await makeDirectory(path);
  }
}
