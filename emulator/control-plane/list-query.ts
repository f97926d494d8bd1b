import { z } from "zod";
import type { apiErrorCodes } from "./api-error.js";
import { page, success } from "./envelope.js";
import { parse } from "./parse.js";

type Code = keyof typeof apiErrorCodes;

/** `page` and `per_page` of a list. */
export const pagingUpTo = (max: number) => ({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(max).default(20),
});

/** As most of AI Gateway's lists have it. */
export const paging = pagingUpTo(50);

/** Where a product's limit is in no source. */
export const openPaging = pagingUpTo(1_000);

/** A yes or no in a query. */
export const queryFlag = z.enum(["true", "false"]).transform((word) => word === "true");

/** A text that is looked for in others: nothing is in all of them. */
export const searchText = z.string().default("");

export const direction = z.enum(["asc", "desc"]);

/**
 * What a query asks for.
 *
 * @param code what a fault is refused with.
 * @throws {ApiError} 400
 */
export const parseQuery = <Schema extends z.ZodType>(
  schema: Schema,
  query: Record<string, string>,
  code: Code = "validation",
): z.output<Schema> => parse(schema, query, code, { root: "query", showValues: true });

/** One page of what a list found. */
export function pageOf(
  rows: readonly unknown[],
  asked: { readonly page: number; readonly per_page: number },
): Response {
  const { items, info } = page(rows, { page: asked.page, perPage: asked.per_page });
  return success(items, 200, info);
}

/**
 * One page of a list as the query asks for it; what else the query holds changes nothing.
 *
 * @param code what a query that is no page is refused with.
 * @throws {ApiError} 400
 */
export const listPage = (
  rows: readonly unknown[],
  asked: Record<string, string>,
  code: Code,
): Response => pageOf(rows, parseQuery(z.object(openPaging), asked, code));
