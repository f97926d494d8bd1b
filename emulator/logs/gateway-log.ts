import type { BodyPlace } from "./body-file.js";
import type { LogEntry, LogPage, LogPatch, LogQuery } from "./log-entry.js";
import { compareLogs, matchesLogQuery } from "./log-query.js";

/** A row as it is in memory, and as it is written. */
export interface LogRow {
  log: LogEntry;
  readonly body?: BodyPlace;
}

/** The rows of one gateway's log, oldest first, in memory. */
export class GatewayLog {
  readonly #rows = new Map<string, LogRow>();
  /**
   * Goes through the rows once, for eviction. A fresh iterator would step over every row evicted
   * since the map last shrank, each time.
   */
  #oldest = this.#rows.keys();

  get size(): number {
    return this.#rows.size;
  }

  rows(): IterableIterator<LogRow> {
    return this.#rows.values();
  }

  get(id: string): LogRow | undefined {
    return this.#rows.get(id);
  }

  /**
   * The caller asks `size` first where a full log takes nothing more.
   * @returns the rows that went to make room.
   */
  add(row: LogRow, limit: number): readonly LogRow[] {
    const gone: LogRow[] = [];
    while (this.#rows.size >= limit) {
      const oldest = this.#takeOldest();
      if (!oldest) break;
      gone.push(oldest);
    }
    this.#rows.set(row.log.id, row);
    return gone;
  }

  patch(id: string, patch: LogPatch): LogEntry | undefined {
    const row = this.#rows.get(id);
    if (!row) return undefined;
    row.log = { ...row.log, ...patch };
    return row.log;
  }

  list({ page, perPage, orderBy, orderByDirection = "desc", ...query }: LogQuery): LogPage {
    const entries = this.#select(query);
    if (orderBy === undefined || orderBy === "created_at") {
      if (orderByDirection === "desc") entries.reverse();
    } else entries.sort(compareLogs(orderBy, orderByDirection));
    const from = (page - 1) * perPage;
    return { entries: entries.slice(from, from + perPage), totalCount: entries.length };
  }

  /** @returns the rows that went; without an order the oldest go first. */
  delete(query: Partial<LogQuery> & { readonly limit?: number }): readonly LogRow[] {
    const entries = this.#select(query);
    const { orderBy, orderByDirection = "asc", limit = entries.length } = query;
    if (orderBy !== undefined && orderBy !== "created_at") {
      entries.sort(compareLogs(orderBy, orderByDirection));
    } else if (orderByDirection === "desc") entries.reverse();
    return entries.slice(0, limit).flatMap(({ id }) => this.#take(id) ?? []);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#rows.delete(id);
  }

  /** Rows come in the order of their times, so this is the order by `created_at` too. */
  #select(query: Pick<LogQuery, "filters" | "search">): LogEntry[] {
    const entries: LogEntry[] = [];
    for (const { log } of this.#rows.values()) {
      if (matchesLogQuery(log, query)) entries.push(log);
    }
    return entries;
  }

  #take(id: string): LogRow | undefined {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    return row;
  }

  #takeOldest(): LogRow | undefined {
    let next = this.#oldest.next();
    if (next.done) {
      this.#oldest = this.#rows.keys();
      next = this.#oldest.next();
    }
    return next.done ? undefined : this.#take(next.value);
  }
}
