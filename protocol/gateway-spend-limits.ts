export const spendLimitTechniques = ["fixed", "sliding"] as const;

export type SpendLimitTechnique = (typeof spendLimitTechniques)[number];

/** @see https://developers.cloudflare.com/ai-gateway/features/spend-limits/ */
export const MAX_SPEND_LIMIT_RULES = 20;

/** Bounds of a rule's numbers. The API has no upper one. */
export const spendLimitBounds = {
  limit: { min: 0, unit: "dollars" },
  window: { min: 1, max: Number.MAX_SAFE_INTEGER, unit: "seconds" },
} as const;

export interface SpendLimitFilter {
  readonly mode: "filter";
  readonly values: readonly string[];
}

/** Of requests with a key in their metadata: a budget for each value, or only some values. */
export type SpendLimitMetadata = { readonly mode: "partition" } | SpendLimitFilter;

/** One budget. `limit` is US dollars, `window` seconds. */
export interface SpendLimitRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly limit: number;
  readonly limitType: "cost";
  readonly window: number;
  readonly technique: SpendLimitTechnique;
  readonly metadata?: Readonly<Record<string, SpendLimitMetadata>>;
  readonly model?: SpendLimitFilter;
  readonly provider?: SpendLimitFilter;
}

/** The setting `spend_limits` in the words of the REST API. */
export interface SpendLimitsSetting {
  readonly enabled: boolean;
  readonly rules: readonly SpendLimitRule[];
}
