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
  /** Writes and removals under way: the next one of the same blob waits. */
  readonly #busy = new Map<string, Promise<void>>();

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
    try {
      await this.#oneByOne(hash, async () => {
        if (this.#stored.has(hash)) return;
        await writeFileAtomically(this.file(hash), content);
        this.#stored.add(hash);
      });
    } catch (error) {
      held.release();
      throw error;
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
    const damage = (reason: string): EmulatorError => {
      // The next put of this content then writes it anew.
      this.#stored.delete(hash);
      return new EmulatorError(
        `The stored content ${this.file(hash)} cannot be used: ${reason}. Deploy the Worker again, ` +
          "or remove the state directory to start empty.",
      );
    };
    const content = await readFile(this.file(hash)).catch((error: Error) => {
      throw damage(error.message);
    });
    if (createHash("sha256").update(content).digest("hex") !== hash) {
      throw damage("its content is not what was stored");
    }
    return content;
  }

  /** Removes what is neither in `referenced` nor held. */
  async sweep(referenced: ReadonlySet<string>): Promise<void> {
    const dead = [...this.#stored].filter((hash) => !referenced.has(hash));
    await Promise.all(
      dead.map((hash) =>
        this.#oneByOne(hash, async () => {
          if (this.#holds.has(hash) || !this.#stored.delete(hash)) return;
          await unlink(this.file(hash)).catch((error: NodeJS.ErrnoException) => {
            if (error.code !== "ENOENT") throw error;
          });
        }),
      ),
    );
  }

  #oneByOne(hash: string, work: () => Promise<void>): Promise<void> {
    const before = this.#busy.get(hash) ?? Promise.resolve();
    const after = before.then(work, work).finally(() => {
      if (this.#busy.get(hash) === after) this.#busy.delete(hash);
    });
    this.#busy.set(hash, after);
    return after;
  }
}
