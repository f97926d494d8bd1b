import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

export interface AssetFile {
  /** Where the file is on this machine. */
  readonly file: string;
  readonly hash: string;
  readonly size: number;
}

/** The files of a folder by their path on the site, such as `/index.html`. */
export async function readAssetManifest(
  directory: string,
): Promise<ReadonlyMap<string, AssetFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, path: `/${relative(directory, file).split(sep).join("/")}` }))
    // The order of Go's JSON maps, over which the real provider takes its hash.
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const manifest = new Map<string, AssetFile>();
  for (const { file, path } of files) {
    const content = await readFile(file);
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 32);
    manifest.set(path, { file, hash, size: content.length });
  }
  return manifest;
}

/** What the API is told: hash and size by path. */
export function manifestJson(manifest: ReadonlyMap<string, AssetFile>): string {
  return JSON.stringify(
    Object.fromEntries([...manifest].map(([path, { hash, size }]) => [path, { hash, size }])),
  ).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

export function manifestHash(manifest: ReadonlyMap<string, AssetFile>): string {
  return createHash("sha256").update(manifestJson(manifest)).digest("hex");
}
