import type { LogManagementStrategy } from "../../protocol/gateway-settings.js";

/**
 * One request in a gateway's log, in the words of the REST API.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/logs/
 */
export interface LogEntry {
  readonly id: string;
  readonly event_id: string;
  readonly created_at: string;
  readonly provider: string;
  readonly model: string;
  readonly path: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly success: boolean;
  readonly cached: boolean;
  readonly status_code: number;
  readonly step: number;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost: number;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly model_type: string;
  readonly request_type: string;
  readonly request_content_type: string;
  readonly response_content_type: string;
  readonly feedback: number | null;
  readonly score: number | null;
}

/** The two bodies of a logged request; absent when the payload was not to be collected. */
export interface LogPayload {
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  /** These very arrays come again and again, as a cached answer does: the store keeps one copy. */
  readonly repeated?: boolean;
}

export interface LogQuery {
  readonly page: number;
  readonly perPage: number;
  readonly search?: string;
  readonly orderBy?: string;
  readonly orderByDirection?: "asc" | "desc";
  readonly filters?: readonly LogFilter[];
}

export interface LogFilter {
  readonly key: string;
  readonly operator: "eq" | "neq" | "contains" | "lt" | "gt";
  readonly value: readonly (string | number | boolean | null)[];
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  readonly totalCount: number;
}

export type LogPatch = Partial<Pick<LogEntry, "feedback" | "score" | "metadata">>;

/** How many rows a gateway keeps, and what gives way when there are more. */
export interface LogRetention {
  readonly limit: number;
  readonly strategy: LogManagementStrategy;
}

/** The request logs of all gateways. */
export interface LogStore {
  /**
   * Costs the caller no disk access: rows are written in batches.
   * @param retention @default 100,000 rows, then no more
   */
  append(
    accountId: string,
    gatewayId: string,
    entry: LogEntry,
    payload?: LogPayload,
    retention?: LogRetention,
  ): void;
  get(accountId: string, gatewayId: string, logId: string): LogEntry | undefined;
  payload(accountId: string, gatewayId: string, logId: string): LogPayload | undefined;
  list(accountId: string, gatewayId: string, query: LogQuery): LogPage;
  /** @returns the changed row, or undefined when there is none of that id. */
  patch(accountId: string, gatewayId: string, logId: string, patch: LogPatch): LogEntry | undefined;
  /** @returns how many rows went. */
  delete(
    accountId: string,
    gatewayId: string,
    query: Partial<LogQuery> & { limit?: number },
  ): number;
  /** Resolves when everything appended is on disk. */
  flush(): Promise<void>;
  /** Writes what is left and lets go of the files. */
  close(): Promise<void>;
}
