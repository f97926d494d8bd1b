export const rateLimitingTechniques = ["fixed", "sliding"] as const;
export const logManagementStrategies = ["STOP_INSERTING", "DELETE_OLDEST"] as const;
export const retryBackoffs = ["constant", "linear", "exponential"] as const;

export type RateLimitingTechnique = (typeof rateLimitingTechniques)[number];
export type LogManagementStrategy = (typeof logManagementStrategies)[number];
export type RetryBackoff = (typeof retryBackoffs)[number];

/**
 * What may be changed on a gateway, in the words of the REST API.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/
 */
export interface GatewaySettings {
  readonly cache_ttl: number | null;
  readonly cache_invalidate_on_update: boolean;
  readonly collect_logs: boolean;
  readonly rate_limiting_interval: number | null;
  readonly rate_limiting_limit: number | null;
  readonly rate_limiting_technique: RateLimitingTechnique | null;
  readonly authentication: boolean;
  readonly log_management: number | null;
  readonly log_management_strategy: LogManagementStrategy | null;
  readonly retry_max_attempts: number | null;
  readonly retry_delay: number | null;
  readonly retry_backoff: RetryBackoff | null;
}

/** A gateway nobody configured. Zero means "off" for the cache and both rate limit numbers. */
export const gatewayDefaults: GatewaySettings = {
  cache_ttl: 0,
  cache_invalidate_on_update: false,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
  rate_limiting_technique: "fixed",
  authentication: false,
  log_management: 100_000,
  log_management_strategy: "STOP_INSERTING",
  retry_max_attempts: null,
  retry_delay: null,
  retry_backoff: null,
};

/** A gateway's id: lower-case words joined by single hyphens. */
export const gatewayIdPattern = /^[a-z0-9_]+(?:-[a-z0-9_]+)*$/;
export const GATEWAY_ID_MAX_LENGTH = 64;

/** Bounds of the numeric settings, both ends allowed. Units: seconds, rows, milliseconds. */
export const gatewayBounds = {
  cache_ttl: { min: 0, max: Number.MAX_SAFE_INTEGER, unit: "seconds" },
  rate_limiting_interval: { min: 0, max: Number.MAX_SAFE_INTEGER, unit: "seconds" },
  rate_limiting_limit: { min: 0, max: Number.MAX_SAFE_INTEGER, unit: "requests" },
  log_management: { min: 10_000, max: 10_000_000, unit: "logs" },
  retry_max_attempts: { min: 1, max: 5, unit: "attempts" },
  retry_delay: { min: 0, max: 60_000, unit: "milliseconds" },
} as const;
