import type {
  SpendLimitMetadata,
  SpendLimitRule,
  SpendLimitsSetting,
  SpendLimitTechnique,
} from "../../../protocol/gateway-spend-limits.js";
import { type Duration, durationInSeconds } from "../../duration.js";
import { shortHash } from "./short-hash.js";

/**
 * A budget of the gateway. Requests above it are refused with 429 until the window has moved on.
 * @see https://developers.cloudflare.com/ai-gateway/features/spend-limits/
 */
export interface SpendLimit {
  /**
   * US dollars, 0 or more. A fraction must be one that binary numbers can hold: halves, quarters,
   * eighths …, such as 0.5 or 12.25.
   */
  readonly limit: number;

  /** How long spending is added up: "30m", "1h", "7d", or seconds, 1 or more. */
  readonly window: Duration;

  /**
   * `fixed` starts anew with each window, `sliding` looks back one window at each request.
   * @default "sliding"
   */
  readonly technique?: SpendLimitTechnique;

  /**
   * By keys of the requests' metadata: "partition" keeps a budget for each value, an array of values
   * counts only requests with one of them.
   * @default all requests, one budget
   */
  readonly metadata?: Readonly<Record<string, "partition" | readonly string[]>>;

  /** Names of the models that count. @default all */
  readonly model?: readonly string[];

  /** Slugs of the providers that count. @default all */
  readonly provider?: readonly string[];

  /**
   * Names the rule in errors, and keeps what was spent: a rule with another id starts at zero.
   * @default a short hash of all but `limit` and `enabled`, so that a raised limit keeps its counters
   */
  readonly id?: string;

  /** @default true */
  readonly enabled?: boolean;
}

/** Rules as the API takes them; no rule is no limit. */
export function renderSpendLimits(limits: readonly SpendLimit[]): SpendLimitsSetting | null {
  return limits.length === 0 ? null : { enabled: true, rules: limits.map(renderRule) };
}

function renderRule(rule: SpendLimit): SpendLimitRule {
  const { limit, window, technique = "sliding", metadata, model, provider, enabled = true } = rule;
  return {
    id: spendLimitId(rule),
    enabled,
    limit,
    limitType: "cost",
    window: durationInSeconds(window),
    technique,
    ...(metadata !== undefined && {
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([key, by]): [string, SpendLimitMetadata] => [
          key,
          by === "partition" ? { mode: "partition" } : { mode: "filter", values: by },
        ]),
      ),
    }),
    ...(model !== undefined && { model: { mode: "filter", values: model } }),
    ...(provider !== undefined && { provider: { mode: "filter", values: provider } }),
  };
}

/** The id of a rule: its own, or one that a raised limit keeps. */
export function spendLimitId({ id, limit, enabled, ...rest }: SpendLimit): string {
  const { window, technique = "sliding", ...others } = rest;
  return id ?? shortHash({ ...others, technique, window: durationInSeconds(window) });
}
