/**
 * Header names of the AI Gateway data plane.
 *
 * A request header beats the gateway's setting of the same meaning.
 * @see https://developers.cloudflare.com/ai-gateway/glossary/
 */
export const requestHeader = {
  /** `Bearer <token>` with the permission "AI Gateway Run"; asked for by authenticated gateways. */
  authorization: "cf-aig-authorization",
  /** Seconds an answer stays in the cache; `0` keeps it out. */
  cacheTtl: "cf-aig-cache-ttl",
  /** `true`: the cache is not read; the fresh answer is still stored. */
  skipCache: "cf-aig-skip-cache",
  /** Takes the place of the key made from the request. */
  cacheKey: "cf-aig-cache-key",
  /** `true` or `false`, over the gateway's `collect_logs`. */
  collectLog: "cf-aig-collect-log",
  /** `false` keeps the log row and drops both bodies. */
  collectLogPayload: "cf-aig-collect-log-payload",
  /** Flat JSON object, five entries at most. */
  metadata: "cf-aig-metadata",
  /** The caller's own id of the event, echoed back. */
  eventId: "cf-aig-event-id",
  /** Milliseconds to the first byte of the provider's answer. */
  requestTimeout: "cf-aig-request-timeout",
  /** Attempts per provider, the first one included; 5 at most. */
  maxAttempts: "cf-aig-max-attempts",
  /** Milliseconds between attempts. */
  retryDelay: "cf-aig-retry-delay",
  /** `constant`, `linear` or `exponential`. */
  backoff: "cf-aig-backoff",
  /** Which of the gateway's keys of a provider is used; without it the one with the alias `default`. */
  byokAlias: "cf-aig-byok-alias",
  /** `true`: for this request what `byok_only` is for all. */
  noWholesale: "cf-aig-no-wholesale",
  /** What the request cost, over what the gateway knows of prices. */
  customCost: "cf-aig-custom-cost",
  /** `true` or `false`, over the gateway's `zdr`. */
  zdr: "cf-aig-zdr",
} as const;

/** Header names the gateway answers with. */
export const responseHeader = {
  /** `HIT` or `MISS`. */
  cacheStatus: "cf-aig-cache-status",
  /** Index (from 0) of the item of a universal request that answered. */
  step: "cf-aig-step",
  logId: "cf-aig-log-id",
  eventId: "cf-aig-event-id",
  requestId: "cf-aig-request-id",
  /** Which model answered, where it need not be the one that was asked. */
  model: "cf-aig-model",
} as const;

/** Names Cloudflare still honours for the cache headers. */
export const legacyRequestHeader = {
  cacheTtl: "cf-cache-ttl",
  skipCache: "cf-skip-cache",
} as const;
