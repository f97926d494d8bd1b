import { REQUEST_RETRY_DELAY_MAX_MS } from "../../protocol/gateway-settings.js";
import { type Rule, showNumber } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { hugeNumber, longSpan } from "../unusual-numbers.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";
import { guardrailsStopStreaming } from "./settings/guardrails.js";

/** Seconds an answer may stay in the cache, as documented; a month has 31 days. */
const CACHE_TTL = { min: 60, max: 2_678_400 } as const;

/** What is odd about a gateway's props, but no mistake. */
export const gatewayHints: readonly Rule<AiGatewayProps>[] = [
  {
    // The cache can still be used by requests that bring their own `cacheTtl`.
    name: "gateway-hint-invalidate-without-cache",
    check: ({ cacheInvalidateOnUpdate, cacheTtl }) =>
      cacheInvalidateOnUpdate === true && (cacheTtl === undefined || cacheTtl === 0)
        ? "cacheInvalidateOnUpdate is true, but cacheTtl is not set: only answers to requests with a cacheTtl of their own are cached. Set cacheTtl to cache all."
        : undefined,
  },
  {
    // The API takes them; what it does with them is not documented.
    name: "gateway-hint-cache-ttl",
    check: ({ cacheTtl }) =>
      typeof cacheTtl === "number" &&
      !isToken(cacheTtl) &&
      cacheTtl !== 0 &&
      (cacheTtl < CACHE_TTL.min || cacheTtl > CACHE_TTL.max)
        ? `cacheTtl is ${showNumber(cacheTtl)}: Cloudflare documents 60 seconds to one month, and may keep answers for another time. Set a value between, or 0 for no cache.`
        : undefined,
  },
  {
    name: "gateway-hint-huge-limit",
    check: ({ rateLimitingLimit, spendLimits = [] }) => [
      ...hugeNumber("rateLimitingLimit", rateLimitingLimit),
      ...spendLimits.flatMap(({ limit }, index) =>
        hugeNumber(`spendLimits[${index}].limit`, limit),
      ),
    ],
  },
  {
    name: "gateway-hint-long-window",
    check: ({ rateLimitingInterval, spendLimits = [] }) => [
      ...longSpan("rateLimitingInterval", rateLimitingInterval),
      ...spendLimits.flatMap(({ window }, index) =>
        longSpan(`spendLimits[${index}].window`, window),
      ),
    ],
  },
  { name: "gateway-hint-guardrails-stop-streaming", check: guardrailsStopStreaming },
  {
    name: "gateway-hint-long-retry-delay",
    check: ({ retryDelay }) =>
      retryDelay !== undefined && !isToken(retryDelay) && retryDelay > REQUEST_RETRY_DELAY_MAX_MS
        ? `retryDelay is ${retryDelay}: the API takes up to 60,000 ms, but the dashboard and a request's own header stop at 5,000, so nobody can set it there again. Set 5000 or less to be free of that.`
        : undefined,
  },
  {
    name: "gateway-hint-byok-only-with-unified-billing",
    check: ({ byokOnly, workersAiBillingMode }) =>
      byokOnly === true && workersAiBillingMode === "unified"
        ? 'byokOnly is true, but workersAiBillingMode is "unified": Workers AI is exempt from byokOnly, so its models are still paid with credits. Remove workersAiBillingMode to have Workers AI bill them.'
        : undefined,
  },
  {
    name: "gateway-hint-zdr-with-byok-only",
    check: ({ byokOnly, zdr }) =>
      byokOnly === true && zdr === true
        ? "zdr is true, but so is byokOnly: zdr is for requests that are paid with the account's credits, and there are none. What a provider keeps under your own key is between you and it. Remove zdr."
        : undefined,
  },
];

/** The hints that apply. */
export const hintsFor = (props: AiGatewayProps): readonly string[] =>
  gatewayHints.flatMap(({ check }) => check(props) ?? []);
