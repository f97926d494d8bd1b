import { z } from "zod";
import { datasetFilterKeys, datasetFilterOperators } from "../../../protocol/dataset-filters.js";
import { paging, queryFlag, searchText } from "../list-query.js";

/** Body of a POST or PUT. */
export const datasetBody = z.strictObject({
  name: z.string().min(1),
  enable: z.boolean(),
  filters: z.array(
    z.strictObject({
      key: z.enum(datasetFilterKeys),
      operator: z.enum(datasetFilterOperators),
      value: z.array(z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
});

/** Query of a list. */
export const datasetQuery = z.strictObject({
  ...paging,
  enable: queryFlag.optional(),
  name: searchText,
  search: searchText,
});
