import { z } from "zod";
import type { LogFilter, LogPatch, LogQuery } from "../../logs/log-entry.js";
import { withoutUndefined } from "../../without-undefined.js";
import { ApiError, notEmulated } from "../api-error.js";
import { direction, paging, queryFlag } from "../list-query.js";
import { parse } from "../parse.js";

const filterKeys = [
  "id",
  "created_at",
  "request_content_type",
  "response_content_type",
  "request_type",
  "success",
  "cached",
  "provider",
  "model",
  "model_type",
  "cost",
  "tokens",
  "tokens_in",
  "tokens_out",
  "duration",
  "feedback",
  "event_id",
  "metadata.key",
  "metadata.value",
] as const;

/** Keys Cloudflare filters by and the emulator's rows do not have. */
const notEmulatedFilterKeys = [
  "authentication",
  "wholesale",
  "compatibilityMode",
  "dlp_action",
  "user_agent",
] as const;

const filters = z.array(
  z.strictObject({
    key: z.enum([...filterKeys, ...notEmulatedFilterKeys]),
    operator: z.enum(["eq", "neq", "contains", "lt", "gt"]),
    value: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).min(1),
  }),
);

const listOrder = ["created_at", "provider", "model", "model_type", "success", "cached"] as const;
const deleteOrder = [
  ...listOrder,
  "cost",
  "tokens_in",
  "tokens_out",
  "duration",
  "feedback",
] as const;

/** Deprecated parameters that say the same as one filter. */
const shorthands = {
  cached: queryFlag,
  success: queryFlag,
  feedback: z.coerce.number(),
  provider: z.string(),
  model: z.string(),
  model_type: z.string(),
  request_content_type: z.string(),
  response_content_type: z.string(),
};

const listQuery = z.strictObject({
  ...paging,
  search: z.string().optional(),
  order_by: z.enum(listOrder).optional(),
  order_by_direction: direction.optional(),
  direction: direction.optional(),
  filters: z.string().optional(),
  meta_info: queryFlag.optional(),
  ...z.object(shorthands).partial().shape,
});

const deleteQuery = z.strictObject({
  order_by: z.enum(deleteOrder).optional(),
  order_by_direction: direction.optional(),
  filters: z.string().optional(),
  limit: z.coerce.number().int().min(1).optional(),
});

const patchBody = z.strictObject({
  feedback: z.number().nullable().optional(),
  score: z.number().nullable().optional(),
  metadata: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .nullable()
    .optional(),
});

/** Deprecated bounds: `filters` has no "at least", so they could only be emulated nearly. */
const notEmulatedParameter =
  /^(start_date|end_date|(min|max)_(cost|duration|tokens_in|tokens_out|total_tokens))$/;

const options = { root: "query", showValues: true } as const;

/** @throws {ApiError} 400/7001, or 501 naming the parameter. */
export function parseLogListQuery(query: Record<string, string>): LogQuery {
  refuseDottedFilters(query);
  const bound = Object.keys(query).find((name) => notEmulatedParameter.test(name));
  if (bound) throw notEmulated(`the deprecated query parameter "${bound}"; use filters`);
  const given = parse(listQuery, query, "validation", options);
  if (given.meta_info) throw notEmulated('the query parameter "meta_info"');
  const short = Object.keys(shorthands).flatMap((key): LogFilter[] => {
    const value = given[key as keyof typeof shorthands];
    return value === undefined ? [] : [{ key, operator: "eq", value: [value] }];
  });
  return {
    page: given.page,
    perPage: given.per_page,
    ...(given.search ? { search: given.search } : {}),
    ...order(given.order_by, given.order_by_direction ?? given.direction),
    filters: [...parseFilters(given.filters), ...short],
  };
}

/** @throws {ApiError} 400/7001, or 501 naming the parameter. */
export function parseLogDeleteQuery(
  query: Record<string, string>,
): Partial<LogQuery> & { limit?: number } {
  refuseDottedFilters(query);
  const given = parse(deleteQuery, query, "validation", options);
  return {
    ...order(given.order_by, given.order_by_direction),
    filters: parseFilters(given.filters),
    ...(given.limit === undefined ? {} : { limit: given.limit }),
  };
}

/** @throws {ApiError} 400/7001 */
export function parseLogPatch(body: unknown): LogPatch {
  const { metadata, ...rest } = parse(patchBody, body, "validation", { showValues: true });
  const patch: LogPatch = withoutUndefined(rest);
  return metadata === undefined ? patch : { ...patch, metadata: metadata ?? {} };
}

/**
 * Cloudflare's SDK writes an array of filters as `filters.key=…&filters.operator=…`. Whether the API
 * reads that is not known; a DELETE whose filters are not read would delete everything.
 */
function refuseDottedFilters(query: Record<string, string>): void {
  const dotted = Object.keys(query).find((name) => name.startsWith("filters."));
  if (dotted === undefined) return;
  throw notEmulated(`the query parameter "${dotted}"; send filters as one JSON text`);
}

function order(
  orderBy: string | undefined,
  orderByDirection: "asc" | "desc" | undefined,
): Pick<LogQuery, "orderBy" | "orderByDirection"> {
  return { ...(orderBy ? { orderBy } : {}), ...(orderByDirection ? { orderByDirection } : {}) };
}

function parseFilters(text: string | undefined): readonly LogFilter[] {
  if (text === undefined) return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const message = 'filters: not JSON; expected [{"key","operator","value":[…]}]';
    throw ApiError.of(400, "validation", message);
  }
  const given = parse(filters, json, "validation", { root: "filters", showValues: true });
  const odd = given.find(({ key }) => notEmulatedFilterKeys.some((other) => other === key));
  if (odd) throw notEmulated(`the log filter "${odd.key}"`);
  return given;
}
