import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type ObjectValue, text, UNKNOWN } from "../core/cty-value.js";
import { type Diagnostics, ProviderError } from "../core/diagnostics.js";
import type { CallContext } from "../core/provider-definition.js";
import type { WorkingDirectory } from "../core/working-directory.js";

export const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/**
 * The code to upload; undefined when there is none.
 * @throws ProviderError when `content_file` cannot be read.
 */
export async function scriptContent(
  state: ObjectValue,
  { workingDirectory }: CallContext,
): Promise<string | Uint8Array | undefined> {
  const file = text(state.content_file);
  if (file === undefined) return text(state.content) || undefined;
  return readContentFile(file, text(state.content_sha256), workingDirectory);
}

/** Refuses a hash that is not the one of the code, while planning. */
export async function validateContent(
  config: ObjectValue,
  { diagnostics, workingDirectory }: CallContext,
): Promise<void> {
  const { content = null, content_file: file = null, content_sha256: expected = null } = config;
  if (content !== null && file !== null) {
    diagnostics.error("Two sources of code", "Give content or content_file.", "content_file");
  }
  if (file !== null && expected === null) {
    diagnostics.error(
      "content_file without content_sha256",
      "Without the hash a change of the file would go unseen; give both.",
      "content_file",
    );
  }
  if (content === null && file === null && config.assets === null) {
    diagnostics.error("Nothing to upload", "Give content, content_file or assets.");
  }
  if (diagnostics.hasErrors || expected === null || expected === UNKNOWN) return;
  const code =
    typeof content === "string"
      ? content
      : typeof file === "string"
        ? await tryRead(file, text(expected), workingDirectory, diagnostics)
        : undefined;
  if (code === undefined) {
    if (!diagnostics.hasErrors) refuseUnchecked(diagnostics);
  } else if (sha256(code) !== expected) {
    diagnostics.error(
      "content_sha256 does not match",
      `Got ${expected}, the code has ${sha256(code)}.`,
      "content_sha256",
    );
  }
}

function refuseUnchecked(diagnostics: Diagnostics): void {
  diagnostics.error(
    "content_sha256 cannot be checked",
    "The code must be known when the configuration is validated: write it, or its path, literally.",
    "content_sha256",
  );
}

async function tryRead(
  file: string,
  hash: string | undefined,
  workingDirectory: WorkingDirectory,
  diagnostics: Diagnostics,
): Promise<Uint8Array | undefined> {
  try {
    return await readContentFile(file, hash, workingDirectory);
  } catch (thrown) {
    diagnostics.failure(thrown);
    return undefined;
  }
}

async function readContentFile(
  file: string,
  hash: string | undefined,
  workingDirectory: WorkingDirectory,
): Promise<Uint8Array> {
  const isIt = async (path: string) => sha256(await readFile(path)) === hash;
  const { path, tried } = await workingDirectory.find(file, isIt);
  try {
    return await readFile(path);
  } catch (error) {
    throw new ProviderError(
      "content_file cannot be read",
      `"${file}": ${(error as Error).message}. Looked for ${tried.join(", ")}.`,
      "content_file",
    );
  }
}
