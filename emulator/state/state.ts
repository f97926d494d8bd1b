import { chmod, readdir, stat, unlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Clock } from "../clock.js";
import { GatewayStore } from "../control-plane/ai-gateway/store.js";
import { ScriptStore } from "../control-plane/workers/store.js";
import { EmulatorError } from "../emulator-error.js";
import { randomApiToken } from "../ids.js";
import type { UploadedScript } from "../workerd/uploaded-script.js";
import { ApiPort } from "./api-port.js";
import { BlobStore } from "./blob-store.js";
import { type Announcement, DirectoryLock } from "./directory-lock.js";
import { makeDirectory } from "./make-directory.js";
import { Products } from "./products.js";
import { stateFiles } from "./running-emulator.js";
import { SecretBox } from "./secret-box.js";
import {
  API_TOKEN_CONTEXT,
  emptyStateDocument,
  type StateDocument,
  stateDocumentFormat,
} from "./state-document.js";
import { StateFile } from "./state-file.js";
import { StorageDrops } from "./storage-drops.js";
import { WorkerPorts } from "./worker-ports.js";
import { TEMPORARY_SUFFIX } from "./write-file-atomically.js";

/** A script of an earlier run. */
export interface RestoredScript {
  readonly script: UploadedScript;
  /** Whether it answers at its URL. */
  readonly public: boolean;
}

/** The emulated account: what one state directory holds, owned until `close`. */
export interface State {
  readonly directory: string;
  /** 32 hexadecimal digits; the same for every directory made by this version. */
  readonly accountId: string;
  /** 40 characters; the same for the life of the directory. */
  readonly apiToken: string;
  readonly gateways: GatewayStore;
  readonly workers: ScriptStore;
  readonly products: Products;
  /** Seals what is secret in a product's rows. */
  readonly secretBox: Pick<SecretBox, "seal" | "unseal">;
  readonly storageDrops: StorageDrops;
  readonly workerPorts: WorkerPorts;
  readonly apiPort: ApiPort;
  /**
   * Every stored script, to start it again.
   * @param onDamaged takes scripts whose content cannot be read; they are left out.
   * @default damage rejects, with an {@link EmulatorError} naming the file
   */
  scripts(
    onDamaged?: (scriptName: string, error: Error) => void,
  ): Promise<readonly RestoredScript[]>;
  /** Says where this emulator answers, for `readRunningEmulator` in other processes. */
  announce(announcement: Announcement): Promise<void>;
  /** Waits for what is being written, then lets the directory go. */
  close(): Promise<void>;
}

/**
 * Opens a state directory, and makes it when there is none.
 *
 * What the API has acknowledged is found again after a kill at any time.
 *
 * @throws {EmulatorError} when another emulator owns the directory, or its content cannot be used.
 * @example
 * ```ts
 * const state = await openState(".emulator", { clock: systemClock });
 * try {
 *   console.log(state.accountId, state.gateways.list(state.accountId));
 * } finally {
 *   await state.close();
 * }
 * ```
 */
export async function openState(directory: string, { clock }: { clock: Clock }): Promise<State> {
  const root = resolve(directory);
  await prepareDirectory(root);
  const lock = await DirectoryLock.acquire(join(root, stateFiles.lock));
  try {
    const { file, blobs, box } = await openFiles(root);
    const workers = new ScriptStore(file, blobs, box);
    await workers.sweep();
    return {
      directory: root,
      accountId: file.current.accountId,
      apiToken: box.unseal(file.current.sealedApiToken, API_TOKEN_CONTEXT),
      gateways: new GatewayStore(file, clock, box),
      workers,
      products: new Products(file),
      secretBox: box,
      storageDrops: new StorageDrops(file),
      workerPorts: new WorkerPorts(file),
      apiPort: new ApiPort(file),
      scripts: (onDamaged) => restoreScripts(workers, onDamaged),
      announce: (announcement) => lock.announce(announcement),
      close: async () => {
        await file.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function restoreScripts(
  workers: ScriptStore,
  onDamaged: ((scriptName: string, error: Error) => void) | undefined,
): Promise<readonly RestoredScript[]> {
  const restored = await Promise.all(
    workers.list().map(async (script): Promise<RestoredScript[]> => {
      try {
        return [{ script: await workers.load(script), public: script.subdomain.enabled }];
      } catch (error) {
        if (!onDamaged) throw error;
        onDamaged(script.name, error as Error);
        return [];
      }
    }),
  );
  return restored.flat();
}

async function openFiles(
  root: string,
): Promise<{ file: StateFile<StateDocument>; blobs: BlobStore; box: SecretBox }> {
  const stateFile = join(root, stateFiles.state);
  const exists = await stat(stateFile).then(
    () => true,
    () => false,
  );
  const box = await SecretBox.open(join(root, stateFiles.key), { create: !exists });
  const file = await StateFile.open(stateFile, stateDocumentFormat, () =>
    emptyStateDocument(box.seal(randomApiToken(), API_TOKEN_CONTEXT)),
  );
  const blobs = await BlobStore.open(join(root, stateFiles.blobs));
  // Only the owner gets here, so nobody is writing these any more.
  const leftOver = (await readdir(root)).filter(
    (name) => name.endsWith(TEMPORARY_SUFFIX) && !name.startsWith(`${stateFiles.lock}.`),
  );
  await Promise.all(leftOver.map((name) => unlink(join(root, name))));
  return { file, blobs, box };
}

async function prepareDirectory(root: string): Promise<void> {
  try {
    await makeDirectory(root);
    await chmod(root, 0o700);
    // It holds a key and request logs: not for anybody's repository.
    await writeFile(join(root, ".gitignore"), "*\n", { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && message.includes(".gitignore")) return;
    throw new EmulatorError(
      `Cannot use ${root} as the state directory: ${message}. Choose another one.`,
    );
  }
}
