import type { Context } from "hono";
import type { z } from "zod";
import { parse } from "../parse.js";
import { readJson } from "../read-body.js";

/**
 * The body of a request in which nothing can be secret: what is wrong with it is told with the value.
 * @throws {ApiError} 400/7001
 */
export const quotableBody = async <Schema extends z.ZodType>(
  { req }: Context,
  schema: Schema,
): Promise<z.output<Schema>> =>
  parse(schema, await readJson(req.raw, "validation"), "validation", { showValues: true });
