import { z } from "zod";
import { paging, queryFlag } from "../list-query.js";

/** Keys a dataset can filter by: fewer than the log itself. */
const keys = [
  "created_at",
  "request_content_type",
  "response_content_type",
  "success",
  "cached",
  "provider",
  "model",
  "cost",
  "tokens",
  "tokens_in",
  "tokens_out",
  "duration",
  "feedback",
] as const;

/** Body of a POST or PUT. */
export const datasetBody = z.strictObject({
  name: z.string().min(1),
  enable: z.boolean(),
  filters: z.array(
    z.strictObject({
      key: z.enum(keys),
      operator: z.enum(["eq", "contains", "lt", "gt"]),
      value: z.array(z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
});

/** Query of a list. */
export const datasetQuery = z.strictObject({
  ...paging,
  enable: queryFlag.optional(),
  name: z.string().optional(),
  search: z.string().optional(),
});
