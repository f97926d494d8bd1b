import * as fs from "node:fs";
import * as path from "node:path";
import { gatewayDefaults } from "../../protocol/gateway-settings.js";
import { BodyFile } from "./body-file.js";
import { GatewayLog, type LogRow } from "./gateway-log.js";
import type { LogRetention, LogStore } from "./log-entry.js";
import { LogJournal } from "./log-journal.js";

export interface LogStoreProps {
  /**
   * Where the logs are kept: a folder per account and gateway, with `log.jsonl` (one JSON line per
   * request) and the bodies beside it.
   * @default in memory only
   */
  readonly directory?: string;
  /**
   * Told when rows cannot be written; they stay readable until the process ends.
   * @default process.emitWarning
   */
  readonly onError?: (error: Error) => void;
}

/** Both bodies of one request; what is larger is not kept, as in the product. */
export const MAX_PAYLOAD_BYTES = 10_000_000;

/** More rows than this would not fit in memory; a gateway's own limit may be higher. */
const MAX_ROWS = 1_000_000;

/** How long rows wait for others before they are written together. */
const BATCH_MS = 20;

const defaultRetention: LogRetention = {
  limit: gatewayDefaults.log_management ?? MAX_ROWS,
  strategy: gatewayDefaults.log_management_strategy ?? "STOP_INSERTING",
};

interface OpenLog {
  readonly rows: GatewayLog;
  readonly bodies: BodyFile;
  readonly journal: LogJournal | undefined;
  readonly directory: string | undefined;
  /** Rows that gave way since the last batch. */
  evicted: string[];
}

/**
 * Opens the request logs of all gateways.
 *
 * @example
 * ```ts
 * const logs = createLogStore({ directory: ".emulator/logs" });
 * const { entries } = logs.list(accountId, "my-gateway", { page: 1, perPage: 20 });
 * await logs.close();
 * ```
 */
export function createLogStore({
  directory,
  onError = (error) => process.emitWarning(error),
}: LogStoreProps = {}): LogStore {
  const logs = new Map<string, OpenLog>();
  const changed = new Set<OpenLog>();
  let timer: NodeJS.Timeout | undefined;

  // Ids come from URLs; whatever is no plain name has no log, and no path on disk.
  const isName = (id: string) => /^[A-Za-z0-9_-]+$/.test(id);

  function open(accountId: string, gatewayId: string): OpenLog {
    const key = `${accountId}/${gatewayId}`;
    let log = logs.get(key);
    if (!log) {
      const place = directory && path.join(directory, accountId, gatewayId);
      log = load(place);
      logs.set(key, log);
    }
    return log;
  }

  function find(accountId: string, gatewayId: string): OpenLog | undefined {
    const known = logs.get(`${accountId}/${gatewayId}`);
    if (known || !directory || !isName(accountId) || !isName(gatewayId)) return known;
    if (!fs.existsSync(path.join(directory, accountId, gatewayId))) return undefined;
    return open(accountId, gatewayId);
  }

  function touch(log: OpenLog): void {
    if (!log.journal) return;
    changed.add(log);
    // The wall clock on purpose: batching is about this machine's disk, not about emulated time.
    timer ??= setTimeout(writeBatch, BATCH_MS).unref();
  }

  function writeBatch(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const log of changed) {
      try {
        write(log);
      } catch (error) {
        onError(
          new Error(`Rows of the request log in ${log.directory} were not written.`, {
            cause: error,
          }),
        );
      }
    }
    changed.clear();
  }

  return {
    append(accountId, gatewayId, entry, payload, retention = defaultRetention) {
      const log = open(accountId, gatewayId);
      const bounded = retention.limit > MAX_ROWS ? { ...retention, limit: MAX_ROWS } : retention;
      if (log.rows.size >= bounded.limit && bounded.strategy === "STOP_INSERTING") return;
      const fits = payload && payload.request.length + payload.response.length <= MAX_PAYLOAD_BYTES;
      const body = fits ? log.bodies.add(payload) : undefined;
      const row: LogRow = body ? { log: entry, body } : { log: entry };
      const gone = log.rows.add(row, bounded.limit);
      for (const old of gone) {
        log.evicted.push(old.log.id);
        if (old.body) log.bodies.release(old.body);
      }
      log.journal?.add(row);
      touch(log);
    },
    get: (accountId, gatewayId, logId) => find(accountId, gatewayId)?.rows.get(logId)?.log,
    payload(accountId, gatewayId, logId) {
      const log = find(accountId, gatewayId);
      const place = log?.rows.get(logId)?.body;
      return place && log.bodies.read(place);
    },
    list: (accountId, gatewayId, query) =>
      (find(accountId, gatewayId) ?? emptyLog).rows.list(query),
    patch(accountId, gatewayId, logId, patch) {
      const log = find(accountId, gatewayId);
      const entry = log?.rows.patch(logId, patch);
      if (!log || !entry) return undefined;
      log.journal?.add({ patch: { ...patch, id: logId } });
      touch(log);
      return entry;
    },
    delete(accountId, gatewayId, query) {
      const log = find(accountId, gatewayId);
      if (!log) return 0;
      const gone = log.rows.delete(query);
      for (const { body } of gone) if (body) log.bodies.release(body);
      if (gone.length > 0) log.journal?.add({ delete: gone.map((row) => row.log.id) });
      touch(log);
      return gone.length;
    },
    async flush() {
      writeBatch();
    },
    async close() {
      writeBatch();
      for (const log of logs.values()) log.bodies.close();
    },
  };
}

const emptyLog = { rows: new GatewayLog() };

function load(directory: string | undefined): OpenLog {
  const rows = new GatewayLog();
  const bodies = new BodyFile(directory);
  if (directory === undefined) {
    return { rows, bodies, journal: undefined, directory, evicted: [] };
  }
  const journal = new LogJournal(directory);
  for (const record of journal.load()) {
    if ("log" in record) {
      rows.add(record, Number.POSITIVE_INFINITY);
    } else if ("patch" in record) {
      const { id, ...patch } = record.patch;
      rows.patch(id, patch);
    } else rows.remove(record.delete);
  }
  for (const { body } of rows.rows()) if (body) bodies.retain(body);
  bodies.sweep();
  return { rows, bodies, journal, directory, evicted: [] };
}

/** Bodies first, so that a row on disk never points at bytes that are not. */
function write({ rows, bodies, journal, directory, ...log }: OpenLog): void {
  if (!journal || !directory) return;
  bodies.flush();
  if (log.evicted.length > 0) journal.add({ delete: log.evicted.splice(0) });
  if (journal.lines > 2 * rows.size + 1000 || rows.size === 0) {
    journal.compact([...rows.rows()]);
    if (rows.size === 0) {
      bodies.sweep();
      removeIfEmpty(directory);
    }
  } else journal.flush();
}

function removeIfEmpty(directory: string): void {
  if (fs.existsSync(directory) && fs.readdirSync(directory).length === 0) fs.rmdirSync(directory);
}
