import { z } from "zod";
import {
  type GatewaySettings,
  gatewayDefaults,
  logManagementStrategies,
  rateLimitingTechniques,
  retryBackoffs,
  workersAiBillingModes,
} from "../../protocol/gateway-settings.js";
import type { Gateway } from "./gateway.js";
import { dlp, guardrails, otel, spendLimits, stripe } from "./gateway-fields.js";

const number = z.number().nullable();

/**
 * Every setting as it is kept. What the API takes is the same but for the bounds of its numbers, which a file
 * from before may lie outside of.
 */
// Against the protocol: a setting added there and forgotten here does not compile.
export const settingFields = {
  cache_invalidate_on_update: z.boolean(),
  cache_ttl: number,
  collect_logs: z.boolean(),
  rate_limiting_interval: number,
  rate_limiting_limit: number,
  rate_limiting_technique: z.enum(rateLimitingTechniques).nullable(),
  authentication: z.boolean(),
  log_management: number,
  log_management_strategy: z.enum(logManagementStrategies).nullable(),
  retry_max_attempts: number,
  retry_delay: number,
  retry_backoff: z.enum(retryBackoffs).nullable(),
  byok_only: z.boolean(),
  dlp,
  guardrails,
  log_classification: z.boolean(),
  logpush: z.boolean(),
  logpush_public_key: z.string().nullable(),
  otel,
  spend_limits: spendLimits,
  store_id: z.string(),
  stripe,
  workers_ai_billing_mode: z.enum(workersAiBillingModes),
  zdr: z.boolean(),
} satisfies { readonly [Name in keyof GatewaySettings]: z.ZodType<GatewaySettings[Name]> };

const fields: z.ZodType<Gateway> = z.strictObject({
  id: z.string(),
  created_at: z.string(),
  modified_at: z.string(),
  is_default: z.boolean(),
  ...settingFields,
});

/** A file from before a setting existed is read with the setting's default. */
export const storedGateway = z.preprocess(
  (value) => (value instanceof Object ? { ...gatewayDefaults, ...value } : value),
  fields,
);
