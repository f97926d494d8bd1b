import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { EmulatorError } from "../emulator-error.js";
import type { FileCopy, ImageConfig } from "./dockerfile.js";

/**
 * The image that a folder's Dockerfile describes.
 * @throws {EmulatorError} when there is none, or it needs an image builder
 */
export async function readImage(directory: string): Promise<ImageConfig> {
  const file = join(directory, "Dockerfile");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new EmulatorError(
      `${file}: cannot be read. A container's directory is the folder with its Dockerfile.`,
    );
  }
  // Loaded here: most emulators never see a Dockerfile, and its parser is many modules.
  const { readDockerfile } = await import("./dockerfile.js");
  return readDockerfile(text, file);
}

/** Lays out a fresh file system of an image below `root`, as COPY and WORKDIR say. */
export async function layOutImage(
  { copies, workingDirectory }: ImageConfig,
  directory: string,
  root: string,
): Promise<void> {
  await mkdir(join(root, workingDirectory), { recursive: true });
  for (const copy of copies) await copyInto(copy, directory, root);
}

async function copyInto(
  { from, to, intoFolder }: FileCopy,
  directory: string,
  root: string,
): Promise<void> {
  const target = join(root, to);
  for (const source of await findSources(from, directory)) {
    const isFolder = (await stat(source)).isDirectory();
    // Docker copies what is in a folder, and a file under its name into one.
    const place =
      !isFolder && (intoFolder || existsAsFolder(target)) ? join(target, basename(source)) : target;
    await mkdir(isFolder ? place : dirname(place), { recursive: true });
    await cp(source, place, { recursive: true, dereference: false, verbatimSymlinks: true });
  }
}

const existsAsFolder = (path: string): boolean => existsSync(join(path, "."));

async function findSources(from: readonly string[], directory: string): Promise<string[]> {
  const sources: string[] = [];
  for (const pattern of from) {
    const inside = pattern.replace(/^\/+/, "") || ".";
    const found = /[*?[]/.test(inside)
      ? await matches(inside, directory)
      : [join(directory, inside)].filter((path) => existsSync(path));
    const outside = found.find((path) => relative(directory, path).split(sep)[0] === "..");
    if (found.length === 0 || outside !== undefined) {
      throw new EmulatorError(
        `COPY ${pattern}: there is no such file below ${directory}, the folder of the Dockerfile.`,
      );
    }
    sources.push(...found);
  }
  return sources;
}

/** `*` and `?` in the last part of a path, as in `package*.json`. */
async function matches(pattern: string, directory: string): Promise<string[]> {
  const folder = dirname(pattern);
  if (/[*?[\]]/.test(folder) || /[[\]]/.test(pattern)) {
    throw new EmulatorError(
      `COPY ${pattern}: without Docker only "*" and "?" in the last part of a path are followed. Name the files.`,
    );
  }
  const source = basename(pattern)
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const name = new RegExp(`^${source}$`);
  const names = await readdir(join(directory, folder)).catch(() => [] as string[]);
  return names
    .filter((entry) => name.test(entry))
    .sort()
    .map((entry) => join(directory, folder, entry));
}
