import { randomBytes } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** What an interrupted write leaves behind; the next start removes it. */
export const TEMPORARY_SUFFIX = ".tmp";

/**
 * Writes a file so that a reader, or the next start after a kill or a power cut, sees the old
 * content or the new one, never a part. Resolves when the new content is on disk. Mode 0600.
 */
export async function writeFileAtomically(
  file: string,
  content: string | Uint8Array,
): Promise<void> {
  // Same directory: a rename is atomic within one file system only.
  const temporary = `${file}.${randomBytes(6).toString("hex")}${TEMPORARY_SUFFIX}`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(file));
}

/** Without it the new name may be lost in a power cut, although the content is safe. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows has no handles on directories.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
