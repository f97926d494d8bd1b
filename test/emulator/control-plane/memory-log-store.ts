import type {
  LogEntry,
  LogPage,
  LogPatch,
  LogPayload,
  LogQuery,
  LogStore,
} from "../../../emulator/logs/log-entry.js";

/** Just enough of a log to see what the routes ask of it. */
export class MemoryLogStore implements LogStore {
  readonly queries: unknown[] = [];
  readonly #rows = new Map<string, { entry: LogEntry; payload: LogPayload | undefined }>();

  append(accountId: string, gatewayId: string, entry: LogEntry, payload?: LogPayload): void {
    this.#rows.set(`${accountId}/${gatewayId}/${entry.id}`, { entry, payload });
  }

  get(accountId: string, gatewayId: string, logId: string): LogEntry | undefined {
    return this.#rows.get(`${accountId}/${gatewayId}/${logId}`)?.entry;
  }

  payload(accountId: string, gatewayId: string, logId: string): LogPayload | undefined {
    return this.#rows.get(`${accountId}/${gatewayId}/${logId}`)?.payload;
  }

  list(accountId: string, gatewayId: string, query: LogQuery): LogPage {
    this.queries.push(query);
    const rows = [...this.#rows].filter(([key]) => key.startsWith(`${accountId}/${gatewayId}/`));
    const start = (query.page - 1) * query.perPage;
    const entries = rows.map(([, { entry }]) => entry).slice(start, start + query.perPage);
    return { entries, totalCount: rows.length };
  }

  patch(
    accountId: string,
    gatewayId: string,
    logId: string,
    patch: LogPatch,
  ): LogEntry | undefined {
    const row = this.#rows.get(`${accountId}/${gatewayId}/${logId}`);
    if (!row) return undefined;
    row.entry = { ...row.entry, ...patch };
    return row.entry;
  }

  delete(accountId: string, gatewayId: string, query: object): number {
    this.queries.push(query);
    const keys = [...this.#rows.keys()].filter((key) =>
      key.startsWith(`${accountId}/${gatewayId}/`),
    );
    for (const key of keys) this.#rows.delete(key);
    return keys.length;
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}

export function logEntry(id: string): LogEntry {
  return {
    id,
    event_id: id,
    created_at: "2026-01-01T00:00:00.000Z",
    provider: "workers-ai",
    model: "@cf/meta/llama-3.1-8b-instruct",
    path: "@cf/meta/llama-3.1-8b-instruct",
    duration: 12,
    success: true,
    cached: false,
    status_code: 200,
    step: 0,
    tokens_in: 3,
    tokens_out: 4,
    cost: 0,
    metadata: {},
    model_type: "",
    request_type: "",
    request_content_type: "application/json",
    response_content_type: "text/event-stream",
    feedback: null,
    score: null,
  };
}
