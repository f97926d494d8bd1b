import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { EmulatorError } from "../emulator-error.js";
import { TEMPORARY_SUFFIX, writeFileAtomically } from "./write-file-atomically.js";

/** A blob that must not be swept; `release` gives it free again. */
export interface HeldBlob {
  readonly hash: string;
  release(): void;
}

/** Contents (modules, assets), each in a file named by its SHA-256: equal contents are stored once. */
export class BlobStore {
  readonly #directory: string;
  readonly #stored: Set<string>;
  readonly #holds = new Map<string, number>();
  readonly #writes = new Map<string, Promise<void>>();

  private constructor(directory: string, stored: Set<string>) {
    this.#directory = directory;
    this.#stored = stored;
  }

  static async open(directory: string): Promise<BlobStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = await readdir(directory);
    const leftOver = names.filter((name) => name.endsWith(TEMPORARY_SUFFIX));
    await Promise.all(leftOver.map((name) => unlink(join(directory, name))));
    const stored = names.filter((name) => /^[0-9a-f]{64}$/.test(name));
    return new BlobStore(directory, new Set(stored));
  }

  /** Where a blob lies; the file never changes. */
  file(hash: string): string {
    return join(this.#directory, hash);
  }

  /** Stores content, on disk when it resolves, held until released. */
  async put(content: Uint8Array): Promise<HeldBlob> {
    const hash = createHash("sha256").update(content).digest("hex");
    const held = this.hold(hash);
    if (!this.#stored.has(hash)) {
      let write = this.#writes.get(hash);
      if (!write) {
        write = writeFileAtomically(this.file(hash), content)
          .then(() => void this.#stored.add(hash))
          .finally(() => this.#writes.delete(hash));
        this.#writes.set(hash, write);
      }
      try {
        await write;
      } catch (error) {
        held.release();
        throw error;
      }
    }
    return held;
  }

  /** Keeps a blob from being swept until released. */
  hold(hash: string): HeldBlob {
    this.#holds.set(hash, (this.#holds.get(hash) ?? 0) + 1);
    let released = false;
    return {
      hash,
      release: () => {
        if (released) return;
        released = true;
        const left = (this.#holds.get(hash) ?? 1) - 1;
        if (left > 0) this.#holds.set(hash, left);
        else this.#holds.delete(hash);
      },
    };
  }

  /** @throws {EmulatorError} when the file is gone or is not what was stored. */
  async read(hash: string): Promise<Buffer> {
    let content: Buffer;
    try {
      content = await readFile(this.file(hash));
    } catch (error) {
      throw damaged(this.file(hash), (error as Error).message);
    }
    if (createHash("sha256").update(content).digest("hex") !== hash) {
      throw damaged(this.file(hash), "its content is not what was stored");
    }
    return content;
  }

  /** Removes what is neither in `referenced` nor held. */
  async sweep(referenced: ReadonlySet<string>): Promise<void> {
    const dead = [...this.#stored].filter(
      (hash) => !referenced.has(hash) && !this.#holds.has(hash),
    );
    await Promise.all(
      dead.map(async (hash) => {
        // First out of the set: a put of the same content from now on writes the file anew.
        this.#stored.delete(hash);
        await unlink(this.file(hash)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
        });
      }),
    );
  }
}

function damaged(file: string, reason: string): EmulatorError {
  return new EmulatorError(
    `The stored content ${file} cannot be used: ${reason}. Deploy the Worker again, or remove the ` +
      "state directory to start empty.",
  );
}
