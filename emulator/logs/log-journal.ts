import * as fs from "node:fs";
import * as path from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { BodyPlace } from "./body-file.js";
import type { LogEntry, LogPatch } from "./log-entry.js";

/** One line of a journal. */
export type LogRecord =
  | { readonly log: LogEntry; readonly body?: BodyPlace }
  | { readonly patch: LogPatch & { readonly id: string } }
  | { readonly delete: readonly string[] };

const READ_BYTES = 1 << 20;

/** A file of JSON lines that says, in order, what happened to a log. */
export class LogJournal {
  readonly #file: string;
  #pending: LogRecord[] = [];
  #lines = 0;
  #torn = false;

  constructor(directory: string) {
    this.#file = path.join(directory, "log.jsonl");
  }

  /** Lines in the file, those that wait to be written included. */
  get lines(): number {
    return this.#lines;
  }

  add(record: LogRecord): void {
    this.#pending.push(record);
    this.#lines++;
  }

  /**
   * Reads what an earlier run wrote. A line a kill cut off is left out.
   * @throws {Error} when a line in the middle is not a record: the file is somebody else's.
   */
  *load(): Generator<LogRecord> {
    if (!fs.existsSync(this.#file)) return;
    const fd = fs.openSync(this.#file, "r");
    try {
      const decoder = new StringDecoder("utf8");
      const bytes = Buffer.alloc(READ_BYTES);
      let rest = "";
      for (;;) {
        const length = fs.readSync(fd, bytes, 0, bytes.length, null);
        if (length === 0) break;
        const lines = (rest + decoder.write(bytes.subarray(0, length))).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          this.#lines++;
          const record = parse(line);
          if (record) yield record;
          else if (line.length > 0) throw this.#damaged(line);
        }
      }
      this.#torn = rest.length > 0;
    } finally {
      fs.closeSync(fd);
    }
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const records = this.#pending;
    this.#pending = [];
    fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    if (this.#torn) {
      fs.truncateSync(this.#file, endOfLastLine(this.#file));
      this.#torn = false;
    }
    fs.appendFileSync(this.#file, render(records), { mode: 0o600 });
  }

  /** Replaces the file by one that says only what still holds; what waits is in it already. */
  compact(records: readonly LogRecord[]): void {
    this.#pending = [];
    this.#torn = false;
    this.#lines = records.length;
    if (records.length === 0) {
      fs.rmSync(this.#file, { force: true });
      return;
    }
    fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.new`;
    fs.writeFileSync(temporary, render(records), { mode: 0o600 });
    fs.renameSync(temporary, this.#file);
  }

  #damaged(line: string): Error {
    return new Error(
      `${this.#file} is damaged at line ${this.#lines}: "${line.slice(0, 80)}". Delete the file to start an empty log.`,
    );
  }
}

const render = (records: readonly LogRecord[]): string => {
  let text = "";
  for (const record of records) text += `${JSON.stringify(record)}\n`;
  return text;
};

function parse(line: string): LogRecord | undefined {
  try {
    const record = JSON.parse(line);
    return record?.log || record?.patch || record?.delete ? record : undefined;
  } catch {
    return undefined;
  }
}

function endOfLastLine(file: string): number {
  const text = fs.readFileSync(file);
  return text.lastIndexOf(0x0a) + 1;
}
