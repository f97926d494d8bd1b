import type { LogEntry, LogFilter, LogQuery } from "./log-entry.js";

type Value = string | number | boolean | null | undefined;
type Read = (entry: LogEntry) => Value | readonly Value[];

/**
 * What a log can be filtered by. `metadata.key` and `metadata.value` are matched independently of
 * each other, as the product does; keys of features the emulator does not have match `undefined`.
 */
const readers: Readonly<Record<string, Read>> = {
  id: (entry) => entry.id,
  created_at: (entry) => entry.created_at,
  request_content_type: (entry) => entry.request_content_type,
  response_content_type: (entry) => entry.response_content_type,
  request_type: (entry) => entry.request_type,
  success: (entry) => entry.success,
  cached: (entry) => entry.cached,
  provider: (entry) => entry.provider,
  model: (entry) => entry.model,
  model_type: (entry) => entry.model_type,
  cost: (entry) => entry.cost,
  tokens: (entry) => (entry.tokens_in ?? 0) + (entry.tokens_out ?? 0),
  tokens_in: (entry) => entry.tokens_in,
  tokens_out: (entry) => entry.tokens_out,
  duration: (entry) => entry.duration,
  feedback: (entry) => entry.feedback,
  event_id: (entry) => entry.event_id,
  status_code: (entry) => entry.status_code,
  "metadata.key": (entry) => Object.keys(entry.metadata),
  "metadata.value": (entry) => Object.values(entry.metadata),
  authentication: () => undefined,
  wholesale: () => undefined,
  compatibilityMode: () => undefined,
  dlp_action: () => undefined,
  user_agent: () => undefined,
};

export const logFilterKeys: readonly string[] = Object.keys(readers);

/** Filters must all hold; the values of one filter are alternatives. */
export function matchesLogQuery(
  entry: LogEntry,
  { filters = [], search }: Pick<LogQuery, "filters" | "search">,
): boolean {
  if (!filters.every((filter) => matchesFilter(entry, filter))) return false;
  if (!search) return true;
  const wanted = search.toLowerCase();
  return Object.entries(entry.metadata).some(([key, value]) =>
    `${key}\n${value}`.toLowerCase().includes(wanted),
  );
}

/** @throws {RangeError} when there is no such key to order by. */
export function compareLogs(orderBy: string, direction: "asc" | "desc") {
  const read = readers[orderBy];
  if (!read) {
    throw new RangeError(`Logs have no "${orderBy}"; they have ${logFilterKeys.join(", ")}.`);
  }
  const sign = direction === "asc" ? 1 : -1;
  return (a: LogEntry, b: LogEntry): number => sign * compare(read(a), read(b));
}

function matchesFilter(entry: LogEntry, { key, operator, value }: LogFilter): boolean {
  const read = readers[key];
  if (!read) {
    throw new RangeError(`Logs have no "${key}"; filter by ${logFilterKeys.join(", ")}.`);
  }
  const found = read(entry);
  const values: readonly Value[] = Array.isArray(found) ? found : [found as Value];
  const holds = (one: (actual: Value, wanted: Value) => boolean) =>
    values.some((actual) => value.some((wanted) => one(actual, wanted)));
  switch (operator) {
    case "eq":
      return holds(equals);
    case "neq":
      return !holds(equals);
    case "contains":
      return holds((actual, wanted) => text(actual).includes(text(wanted)));
    case "lt":
      return holds((actual, wanted) => known(actual) && compare(actual, wanted) < 0);
    case "gt":
      return holds((actual, wanted) => known(actual) && compare(actual, wanted) > 0);
  }
}

const known = (value: Value): boolean => value !== null && value !== undefined;
const text = (value: Value): string => String(value ?? "").toLowerCase();

/** `true`, `1` and `"true"` mean the same: callers write all three. */
function equals(actual: Value, wanted: Value): boolean {
  if (!known(actual) || !known(wanted)) return !known(actual) && !known(wanted);
  if (typeof actual === "boolean")
    return actual === (wanted === true || wanted === 1 || wanted === "true" || wanted === "1");
  return typeof actual === "number" ? actual === Number(wanted) : String(actual) === String(wanted);
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") {
    // Times come with and without milliseconds, so they are compared as times.
    const [left, right] = [Date.parse(a), Date.parse(b)];
    if (/^\d{4}-/.test(a) && !Number.isNaN(left) && !Number.isNaN(right)) return left - right;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return Number(a ?? 0) - Number(b ?? 0);
}
