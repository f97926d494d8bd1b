/** What a dataset can filter by: fewer than the log itself. */
export const datasetFilterKeys = [
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

export const datasetFilterOperators = ["eq", "contains", "lt", "gt"] as const;
