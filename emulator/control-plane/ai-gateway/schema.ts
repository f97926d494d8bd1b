import { z } from "zod";
import {
  GATEWAY_ID_MAX_LENGTH,
  type GatewaySettings,
  gatewayBounds,
  gatewayDefaults,
  gatewayIdPattern,
  logManagementStrategies,
  rateLimitingTechniques,
  retryBackoffs,
} from "../../../protocol/gateway-settings.js";
import { ApiError, type ApiMessage, apiErrorCodes } from "../api-error.js";
import { parse } from "../parse.js";

const bounded = ({ min, max }: { readonly min: number; readonly max: number }) =>
  z.int().min(min).max(max).nullable();

/** Settings every POST and PUT must carry; the others fall back to the product's defaults. */
const required = {
  cache_invalidate_on_update: z.boolean(),
  // Cloudflare was seen to store an explicit null as 0.
  cache_ttl: bounded(gatewayBounds.cache_ttl).transform((seconds) => seconds ?? 0),
  collect_logs: z.boolean(),
  rate_limiting_interval: bounded(gatewayBounds.rate_limiting_interval),
  rate_limiting_limit: bounded(gatewayBounds.rate_limiting_limit),
};

const optional = {
  rate_limiting_technique: z.enum(rateLimitingTechniques).nullable(),
  authentication: z.boolean(),
  log_management: bounded(gatewayBounds.log_management),
  log_management_strategy: z.enum(logManagementStrategies).nullable(),
  retry_max_attempts: bounded(gatewayBounds.retry_max_attempts),
  retry_delay: bounded(gatewayBounds.retry_delay),
  retry_backoff: z.enum(retryBackoffs).nullable(),
};

const settings = z.strictObject({ ...required, ...z.object(optional).partial().shape });

export const gatewayId = z
  .string()
  .min(1)
  .max(GATEWAY_ID_MAX_LENGTH)
  .regex(gatewayIdPattern, `must match ${gatewayIdPattern}`);

const newGateway = settings.extend({ id: gatewayId });

/** Settings Cloudflare has and the emulator has not, with the values that ask for nothing. */
const notEmulatedSettings: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["byok_only", isOff],
  ["dlp", isOff],
  ["guardrails", isOff],
  ["log_classification", isOff],
  ["logpush", isOff],
  ["logpush_public_key", isOff],
  ["otel", isOff],
  ["spend_limits", isOff],
  ["store_id", isOff],
  ["stripe", isOff],
  ["workers_ai_billing_mode", (value: unknown) => value === null || value === "postpaid"],
  ["zdr", isOff],
]);

function isOff(value: unknown): boolean {
  if (value === null || value === false || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return value instanceof Object && (value as { enabled?: unknown }).enabled === false;
}

/** @throws {ApiError} 400/7001, or 501 naming the settings that are not emulated. */
export function parseNewGateway(body: unknown): { id: string; settings: GatewaySettings } {
  const { id, ...given } = parse(newGateway, withoutOff(body), "validation", { showValues: true });
  return { id, settings: withDefaults(given) };
}

/**
 * What only Cloudflare sets may come along, as clients send back what they have read.
 *
 * @throws {ApiError} 400/7001, or 501 naming the settings that are not emulated.
 */
export function parseGatewaySettings(gatewayId: string, body: unknown): GatewaySettings {
  const replacement = settings.extend({
    id: z.literal(gatewayId, "cannot be changed; make another gateway instead").optional(),
    created_at: z.unknown().optional(),
    modified_at: z.unknown().optional(),
    is_default: z.unknown().optional(),
  });
  const { id, created_at, modified_at, is_default, ...given } = parse(
    replacement,
    withoutOff(body),
    "validation",
    { showValues: true },
  );
  return withDefaults(given);
}

function withDefaults(given: z.output<typeof settings>): GatewaySettings {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...gatewayDefaults, ...Object.fromEntries(set) };
}

function withoutOff(body: unknown): unknown {
  if (!(body instanceof Object) || Array.isArray(body)) return body;
  const entries = Object.entries(body);
  const errors = entries
    .filter(([key, value]) => notEmulatedSettings.get(key)?.(value) === false)
    .map(
      ([key]): ApiMessage => ({
        code: apiErrorCodes.notEmulated,
        message: `Not emulated: the gateway setting "${key}". Leave it out, or turn it off.`,
        path: ["body", key],
      }),
    );
  if (errors.length > 0) throw new ApiError(501, errors);
  return Object.fromEntries(entries.filter(([key]) => !notEmulatedSettings.has(key)));
}

/** `page` and `per_page` of a list. */
export const paging = {
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(50).default(20),
};

export const gatewayListQuery = z.strictObject({ ...paging, search: z.string().optional() });
