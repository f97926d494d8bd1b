import type { DlpSetting } from "./gateway-dlp.js";
import type { OtelSetting, StripeSetting } from "./gateway-exports.js";
import type { GuardrailsSetting } from "./gateway-guardrails.js";
import type { SpendLimitsSetting } from "./gateway-spend-limits.js";

export const rateLimitingTechniques = ["fixed", "sliding"] as const;
export const logManagementStrategies = ["STOP_INSERTING", "DELETE_OLDEST"] as const;
export const retryBackoffs = ["constant", "linear", "exponential"] as const;
export const workersAiBillingModes = ["postpaid", "unified"] as const;

export type RateLimitingTechnique = (typeof rateLimitingTechniques)[number];
export type LogManagementStrategy = (typeof logManagementStrategies)[number];
export type RetryBackoff = (typeof retryBackoffs)[number];
export type WorkersAiBillingMode = (typeof workersAiBillingModes)[number];

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
  readonly byok_only: boolean;
  readonly dlp: DlpSetting;
  readonly guardrails: GuardrailsSetting | null;
  readonly log_classification: boolean;
  readonly logpush: boolean;
  readonly logpush_public_key: string | null;
  readonly otel: readonly OtelSetting[] | null;
  readonly spend_limits: SpendLimitsSetting | null;
  readonly store_id: string;
  readonly stripe: StripeSetting | null;
  readonly workers_ai_billing_mode: WorkersAiBillingMode;
  readonly zdr: boolean;
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
  byok_only: false,
  dlp: { enabled: false, action: "FLAG", profiles: [] },
  guardrails: null,
  log_classification: false,
  logpush: false,
  logpush_public_key: null,
  otel: null,
  spend_limits: null,
  store_id: "",
  stripe: null,
  workers_ai_billing_mode: "postpaid",
  zdr: false,
};

/** Settings that older versions of the API take on PUT only: a POST leaves them at their default. */
export const putOnlySettings = [
  "byok_only",
  "dlp",
  "guardrails",
  "log_classification",
  "otel",
  "spend_limits",
  "store_id",
  "stripe",
  "zdr",
] as const satisfies readonly (keyof GatewaySettings)[];

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

/** The longest retry delay that the dashboard and a request's own header allow. */
export const REQUEST_RETRY_DELAY_MAX_MS = 5_000;
