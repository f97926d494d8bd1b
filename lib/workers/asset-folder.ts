import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { isFile, isFolder } from "../file-kind.js";
import { show } from "../prop-rules.js";
import { type StagedFile, sha256Of } from "../staged-files.js";
import { ignoreMatcher } from "./assets-ignore.js";

/** Largest asset, in bytes. @see https://developers.cloudflare.com/workers/platform/limits/ */
const ASSET_MAX_BYTES = 25 * 1024 * 1024;

/** Most assets of a Worker on the free plan. @see https://developers.cloudflare.com/workers/platform/limits/ */
export const ASSET_MAX_COUNT = 20_000;

/** A folder of assets as it is uploaded. */
export interface AssetFolder {
  readonly files: readonly StagedFile[];
  /** Text of `_headers`, if the folder has it. */
  readonly headers: string | undefined;
  /** Text of `_redirects`, if the folder has it. */
  readonly redirects: string | undefined;
  /** What is wrong with the folder. */
  readonly problems: readonly string[];
}

const HEADERS = "_headers";
const REDIRECTS = "_redirects";
const IGNORE = ".assetsignore";

/**
 * Reads a folder of assets. The provider would upload every file as it is, so files that rule (such as
 * `_headers`) and files that start with a dot are left out here, as `.assetsignore` asks for others.
 */
export function readAssetFolder(directory: unknown): AssetFolder {
  if (!isFolder(directory)) {
    return {
      files: [],
      headers: undefined,
      redirects: undefined,
      problems: [
        `assets.directory: got ${show(directory)}; there is no such folder. Build the assets first, or correct the path (relative ones start where cdktf runs).`,
      ],
    };
  }
  const ignored = ignoreMatcher(readText(directory, IGNORE) ?? "");
  const files: StagedFile[] = [];
  const problems: string[] = [];
  for (const name of listFiles(directory)) {
    if (ignored(name)) {
      continue;
    }
    const source = join(directory, name);
    const { size } = statSync(source);
    if (size > ASSET_MAX_BYTES) {
      problems.push(
        `assets: ${name} has ${megabytes(size)} MiB (${size.toLocaleString("en-US")} bytes); allowed are 25 MiB a file. Make it smaller, keep it in R2, or list it in .assetsignore.`,
      );
      continue;
    }
    files.push({ name, source, sha256: sha256Of(readFileSync(source)) });
  }
  if (files.length > ASSET_MAX_COUNT) {
    problems.push(
      `assets: got ${files.length.toLocaleString("en-US")} files; allowed are 20,000. List what is not served in .assetsignore.`,
    );
  }
  return {
    files,
    headers: readText(directory, HEADERS),
    redirects: readText(directory, REDIRECTS),
    problems,
  };
}

/** Files below a folder, as relative paths with `/`; none that start with a dot, none that rule. */
function listFiles(directory: string, below = ""): string[] {
  return readdirSync(join(directory, below), { withFileTypes: true }).flatMap((entry) => {
    const name = posix.join(below, entry.name);
    if (entry.name.startsWith(".") && entry.name !== ".well-known") {
      return [];
    }
    if (name === HEADERS || name === REDIRECTS) {
      return [];
    }
    return holdsFiles(directory, name, entry) ? listFiles(directory, name) : [name];
  });
}

function holdsFiles(directory: string, name: string, entry: Dirent): boolean {
  return entry.isSymbolicLink()
    ? statSync(join(directory, name)).isDirectory()
    : entry.isDirectory();
}

function readText(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  return isFile(path) ? readFileSync(path, "utf8") : undefined;
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
