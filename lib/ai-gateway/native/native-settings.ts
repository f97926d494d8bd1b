import type { GatewaySettings } from "../../../protocol/gateway-settings.js";

/** A setting's value in the body → what the provider's attribute of the same name is given. */
type NativeValue = (value: unknown) => unknown;

const asItIs: NativeValue = (value) => value;

/**
 * How `cloudflare_ai_gateway` 5.22 says each setting of the API; undefined where it has no attribute.
 *
 * Every setting that is not null is written, also where it is off: the provider takes what the API answers for an
 * attribute that is not written for a change, in every plan.
 */
export const nativeSettings: {
  readonly [Key in keyof GatewaySettings]: NativeValue | undefined;
} = {
  cache_ttl: asItIs,
  cache_invalidate_on_update: asItIs,
  collect_logs: asItIs,
  rate_limiting_interval: asItIs,
  rate_limiting_limit: asItIs,
  rate_limiting_technique: asItIs,
  authentication: asItIs,
  log_management: asItIs,
  log_management_strategy: asItIs,
  retry_max_attempts: asItIs,
  retry_delay: asItIs,
  retry_backoff: asItIs,
  byok_only: undefined,
  dlp: asItIs,
  guardrails: (sides) =>
    mapValues(sides, (side) => renameKeys(side, (category) => category.toLowerCase())),
  log_classification: undefined,
  logpush: asItIs,
  logpush_public_key: asItIs,
  otel: asItIs,
  spend_limits: (limits) => mapValues(limits, renamedRules),
  store_id: asItIs,
  // Its `authorization` is required, and would be readable in the state.
  stripe: undefined,
  workers_ai_billing_mode: asItIs,
  zdr: asItIs,
};

/** Settings as the API takes them → attributes of `cloudflare_ai_gateway`. Null is not written: it means off to both. */
export function renderNativeSettings(
  settings: Readonly<Partial<Record<keyof GatewaySettings, unknown>>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(nativeSettings).flatMap(([key, render]) => {
      const value = settings[key as keyof GatewaySettings] ?? null;
      return render === undefined || value === null ? [] : [[key, render(value)]];
    }),
  );
}

const ruleNames: Readonly<Record<string, string>> = {
  limitType: "limit_type",
  provider: "ai_gateway_provider",
};

const renamedRules = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((rule) => renameKeys(rule, (name) => ruleNames[name] ?? name))
    : value;

const mapValues = (object: unknown, map: NativeValue): object =>
  Object.fromEntries(Object.entries(object as object).map(([name, value]) => [name, map(value)]));

const renameKeys = (object: unknown, rename: (name: string) => string): object =>
  Object.fromEntries(
    Object.entries(object as object).map(([name, value]) => [rename(name), value]),
  );
