import {
  type HistoryPage,
  limits,
  type MessageKind,
  type MessageState,
  type RoomMessage,
} from "./protocol.js";

/** A message as somebody hands it in; `seq` is given by the store. */
export type NewMessage = Omit<RoomMessage, "seq">;

/** Which part of what was said: the latest `limit` messages, of those before the `seq` `before`. */
export interface HistoryQuery {
  /** @default after the last message */
  readonly before?: number;
  readonly limit: number;
}

/** What an answer ends with. */
export type Ending = Pick<RoomMessage, "text" | "state" | "error" | "ms" | "cache" | "model">;

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  person: string | null;
  author: string;
  text: string;
  at: number;
  kind: MessageKind;
  state: MessageState;
  error: string | null;
  model: string | null;
  ms: number | null;
  cache: "HIT" | "MISS" | null;
}

/** A room's messages in the SQLite of its Durable Object; every call is synchronous. */
export class MessageStore {
  readonly #sql: SqlStorage;

  constructor({ sql }: { readonly sql: SqlStorage }) {
    this.#sql = sql;
    // AUTOINCREMENT: a number is never given twice, even when the last messages were deleted.
    sql.exec(`
      CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person TEXT,
        author TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
        state TEXT NOT NULL, error TEXT, model TEXT, ms INTEGER, cache TEXT
      );
      CREATE INDEX IF NOT EXISTS unfinished ON messages (seq) WHERE state = 'streaming';
      CREATE INDEX IF NOT EXISTS private ON messages (person) WHERE instr(person, '.') = 0;
      CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, step TEXT NOT NULL);
    `);
  }

  /** Keeps a message, or hands back `undefined` when there is one of this id already. */
  add(message: NewMessage): RoomMessage | undefined {
    const { id, person, author, text, at, kind, state, error, model, ms, cache } = message;
    // Asked first: an insert that is refused would use up a number.
    if (this.find(id)) return undefined;
    const row = this.#sql
      .exec<Row>(
        `INSERT INTO messages (id, person, author, text, at, kind, state, error, model, ms, cache)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        ...[id, person ?? null, author, text, at, kind, state],
        ...[error ?? null, model ?? null, ms ?? null, cache ?? null],
      )
      .one();
    this.#sql.exec("DELETE FROM messages WHERE seq <= ?", row.seq - limits.history);
    return read(row);
  }

  find(id: string): RoomMessage | undefined {
    const row = this.#row(id);
    return row && read(row);
  }

  /** `seq` of the last message, 0 in an empty room. */
  last(): number {
    return this.#sql
      .exec<{ last: number }>("SELECT ifnull(max(seq), 0) AS last FROM messages")
      .one().last;
  }

  /** The latest messages, oldest first. */
  latest(count: number): RoomMessage[] {
    return this.#sql
      .exec<Row>("SELECT * FROM messages ORDER BY seq DESC LIMIT ?", count)
      .toArray()
      .reverse()
      .map(read);
  }

  /** The latest messages before a `seq`, oldest first. */
  page({ before = Number.MAX_SAFE_INTEGER, limit }: HistoryQuery): HistoryPage {
    const rows = this.#sql
      .exec<Row>(
        "SELECT * FROM messages WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        ...[before, limit + 1],
      )
      .toArray();
    return {
      messages: rows.slice(0, limit).reverse().map(read),
      earlier: rows.length > limit,
    };
  }

  /** Every message after a `seq`, oldest first. */
  after(seq: number): RoomMessage[] {
    return this.#sql
      .exec<Row>("SELECT * FROM messages WHERE seq > ? ORDER BY seq", seq)
      .toArray()
      .map(read);
  }

  /** Replaces the text of an answer that still streams. */
  write(id: string, text: string): void {
    this.#sql.exec("UPDATE messages SET text = ? WHERE id = ?", text, id);
  }

  /** Ends an answer. Without a model it keeps the one it began with. */
  finish(id: string, { text, state, error, ms, cache, model }: Ending): RoomMessage | undefined {
    const [row] = this.#sql
      .exec<Row>(
        `UPDATE messages SET text = ?, state = ?, error = ?, ms = ?, cache = ?,
           model = ifnull(?, model) WHERE id = ?
         RETURNING *`,
        ...[text, state, error ?? null, ms ?? null, cache ?? null, model ?? null, id],
      )
      .toArray();
    return row && read(row);
  }

  /** Marks every answer that still streams as failed. */
  failUnfinished(error: string): RoomMessage[] {
    return this.#sql
      .exec<Row>(
        "UPDATE messages SET state = 'failed', error = ? WHERE state = 'streaming' RETURNING *",
        error,
      )
      .toArray()
      .map(read);
  }

  /** Private ids, which an earlier version of the app kept with people's messages. */
  privateIds(): string[] {
    return this.#sql
      .exec<{ person: string }>("SELECT DISTINCT person FROM messages WHERE instr(person, '.') = 0")
      .toArray()
      .map(({ person }) => person);
  }

  /** Gives everything that is one person's to another id of theirs. */
  rename(person: string, id: string): void {
    this.#sql.exec("UPDATE messages SET person = ? WHERE person = ?", id, person);
  }

  /** Remembers the step a job is at. */
  noteProgress(job: string, step: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO jobs (id, step) VALUES (?, ?)", job, step);
  }

  progress(job: string): string | undefined {
    return this.#sql.exec<{ step: string }>("SELECT step FROM jobs WHERE id = ?", job).toArray()[0]
      ?.step;
  }

  #row(id: string): Row | undefined {
    return this.#sql.exec<Row>("SELECT * FROM messages WHERE id = ?", id).toArray()[0];
  }
}

const read = ({
  seq,
  id,
  person,
  author,
  text,
  at,
  kind,
  state,
  error,
  model,
  ms,
  cache,
}: Row) => ({
  ...{ seq, id, author, text, at, kind, state },
  ...(person !== null && { person }),
  ...(error !== null && { error }),
  ...(model !== null && { model }),
  ...(ms !== null && { ms }),
  ...(cache !== null && { cache }),
});
