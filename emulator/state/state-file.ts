import { readFile } from "node:fs/promises";
import { EmulatorError } from "../emulator-error.js";
import { writeFileAtomically } from "./write-file-atomically.js";

/** How a document becomes a file and back. */
export interface StateFileFormat<Document> {
  /** @throws {Error} when the text is not such a document; the message says what is wrong. */
  parse(text: string): Document;
  render(document: Document): string;
}

interface Change<Document> {
  readonly apply: (current: Document) => { readonly next: Document; readonly settle: () => void };
  readonly fail: (error: unknown) => void;
}

/**
 * One document in memory and on disk, changed as a whole.
 *
 * `current` shows a change only after it is on disk, so whoever has read it, or got an answer, finds
 * it again after a kill. Changes run one after the other; those that wait while a write is under way
 * share the next one.
 */
export class StateFile<Document extends object> {
  readonly file: string;
  readonly #format: StateFileFormat<Document>;
  #current: Document;
  #waiting: Change<Document>[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  private constructor(file: string, format: StateFileFormat<Document>, current: Document) {
    this.file = file;
    this.#format = format;
    this.#current = current;
  }

  /** @throws {EmulatorError} when the file is there and cannot be understood. */
  static async open<Document extends object>(
    file: string,
    format: StateFileFormat<Document>,
    initial: () => Document,
  ): Promise<StateFile<Document>> {
    const stored = await readStateFile(file, format);
    if (stored) return new StateFile(file, format, stored);
    const document = initial();
    await writeFileAtomically(file, format.render(document));
    return new StateFile(file, format, document);
  }

  get current(): Document {
    return this.#current;
  }

  /**
   * Replaces the document by what `change` makes of it.
   * @param change pure; when it throws, nothing changes and the returned promise rejects with that.
   * @throws {EmulatorError} when the file cannot be written; nothing has changed then.
   */
  update<Result>(change: (current: Document) => readonly [Document, Result]): Promise<Result> {
    if (this.#closed) return Promise.reject(new EmulatorError(`${this.file} is closed.`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        apply: (current) => {
          const [next, result] = change(current);
          return { next, settle: () => resolve(result) };
        },
        fail: reject,
      });
      this.#writing ??= this.#write();
    });
  }

  /** Resolves when every change asked for so far is on disk; later ones are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    // Else a change without a write would end before `#writing` is set.
    await null;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      let draft = this.#current;
      const applied: { settle: () => void; fail: (error: unknown) => void }[] = [];
      for (const { apply, fail } of batch) {
        try {
          const { next, settle } = apply(draft);
          draft = next;
          applied.push({ settle, fail });
        } catch (error) {
          fail(error);
        }
      }
      try {
        if (draft !== this.#current) {
          await writeFileAtomically(this.file, this.#format.render(draft));
        }
        this.#current = draft;
        for (const { settle } of applied) settle();
      } catch (error) {
        const reason = (error as Error).message;
        for (const { fail } of applied) {
          fail(new EmulatorError(`The change was not made: cannot write ${this.file}: ${reason}`));
        }
      }
    }
    // In the same step as the last look at the queue: a change that comes now starts a new write.
    this.#writing = undefined;
  }
}

/**
 * Reads without owning.
 * @returns undefined when there is no such file.
 * @throws {EmulatorError} naming the file and what to do, when it cannot be understood.
 */
export async function readStateFile<Document>(
  file: string,
  format: StateFileFormat<Document>,
): Promise<Document | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new EmulatorError(`Cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    return format.parse(text);
  } catch (error) {
    throw new EmulatorError(
      `The emulator's state ${file} cannot be used: ${(error as Error).message} Nothing was changed. ` +
        "Put a good copy back, or remove the directory to start empty (then also remove the " +
        "Terraform state made against it).",
    );
  }
}
