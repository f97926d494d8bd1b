import { join } from "node:path";
import { type Announcement, readLockOwner } from "./directory-lock.js";
import { SecretBox } from "./secret-box.js";
import { API_TOKEN_CONTEXT, stateDocumentFormat } from "./state-document.js";
import { readStateFile } from "./state-file.js";

/** File names inside a state directory. */
export const stateFiles = {
  state: "state.json",
  key: "key",
  lock: "lock",
  blobs: "blobs",
} as const;

/** An emulator another process runs, with what is needed to talk to it. */
export interface RunningEmulator extends Announcement {
  readonly pid: number;
  readonly accountId: string;
  readonly apiToken: string;
}

/**
 * Finds the emulator that owns a state directory.
 * @returns undefined when none runs, or one that does not answer yet.
 * @throws {EmulatorError} when one runs and its state cannot be read.
 */
export async function readRunningEmulator(directory: string): Promise<RunningEmulator | undefined> {
  const owner = await readLockOwner(join(directory, stateFiles.lock));
  if (!owner?.announcement) return undefined;
  const document = await readStateFile(join(directory, stateFiles.state), stateDocumentFormat);
  if (!document) return undefined;
  const box = await SecretBox.open(join(directory, stateFiles.key), { create: false });
  return {
    ...owner.announcement,
    pid: owner.pid,
    accountId: document.accountId,
    apiToken: box.unseal(document.sealedApiToken, API_TOKEN_CONTEXT),
  };
}
