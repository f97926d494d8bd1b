import { z } from "zod";
import type { apiErrorCodes } from "./api-error.js";
import { page, success } from "./envelope.js";
import { parse } from "./parse.js";

const query = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(1_000).default(20),
});

/**
 * One page of a list as the query asks for it; what else the query holds changes nothing.
 *
 * @param code what a query that is no page is refused with.
 * @throws {ApiError} 400
 */
export function listPage(
  rows: readonly unknown[],
  asked: Record<string, string>,
  code: keyof typeof apiErrorCodes,
): Response {
  const given = parse(query, asked, code, { root: "query", showValues: true });
  const { items, info } = page(rows, { page: given.page, perPage: given.per_page });
  return success(items, 200, info);
}
