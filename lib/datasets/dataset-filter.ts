import { datasetFilterKeys, datasetFilterOperators } from "../../protocol/dataset-filters.js";
import { checkExactNumber } from "../exact-number.js";
import { requireWord, unknownKeys, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";

export type DatasetFilterKey = (typeof datasetFilterKeys)[number];
export type DatasetFilterOperator = (typeof datasetFilterOperators)[number];

/** What a logged request must be, to belong to a dataset. */
export interface DatasetFilter {
  /** What is looked at: `cost` is in dollars, `duration` in milliseconds. */
  readonly key: DatasetFilterKey;

  /** How it compares. */
  readonly operator: DatasetFilterOperator;

  /** What it compares with; several values are alternatives. */
  readonly value: readonly (string | number | boolean)[];
}

/** What is wrong with the filters, or undefined. */
export function checkFilters(filters: unknown): string | undefined {
  if (filters === undefined || isToken(filters)) {
    return undefined;
  }
  if (!Array.isArray(filters)) {
    return wrongValue("filters", filters, "an array of filters");
  }
  for (const [index, filter] of filters.entries()) {
    const problem = checkFilter(`filters[${index}]`, filter);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function checkFilter(prop: string, filter: unknown): string | undefined {
  if (typeof filter !== "object" || filter === null) {
    return wrongValue(prop, filter, '{ key: "success", operator: "eq", value: [true] }');
  }
  const [unknown] = unknownKeys(prop, filter, ["key", "operator", "value"]);
  if (unknown !== undefined) {
    return unknown;
  }
  const { key, operator, value } = filter as Partial<DatasetFilter>;
  // Neither has a default: what is not there is no word, either.
  const words =
    requireWord(`${prop}.key`, key, datasetFilterKeys) ??
    requireWord(`${prop}.operator`, operator, datasetFilterOperators);
  if (words !== undefined || isToken(value)) {
    return words;
  }
  if (!Array.isArray(value) || value.length === 0) {
    return wrongValue(
      `${prop}.value`,
      value,
      "an array of texts, numbers and booleans, one or more",
    );
  }
  for (const [index, one] of value.entries()) {
    const at = `${prop}.value[${index}]`;
    const problem = isScalar(one)
      ? checkExactNumber(at, one)
      : wrongValue(at, one, "a text, a number, true or false");
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

const isScalar = (value: unknown): boolean =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isFinite(value));
