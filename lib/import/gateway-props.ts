import { type DlpPolicySetting, type DlpSetting, dlpChecks } from "../../protocol/gateway-dlp.js";
import type { OtelSetting, StripeSetting } from "../../protocol/gateway-exports.js";
import {
  type GuardrailActions,
  type GuardrailsSetting,
  guardrailCategories,
} from "../../protocol/gateway-guardrails.js";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import type { SpendLimitRule, SpendLimitsSetting } from "../../protocol/gateway-spend-limits.js";
import { propOf } from "../ai-gateway/setting-values.js";
import { renderDlp } from "../ai-gateway/settings/dlp.js";
import { type SpendLimit, spendLimitId } from "../ai-gateway/settings/spend-limits.js";
import { withoutCredentials } from "../url-credentials.js";
import { isRow, isRows } from "./cloudflare-reader.js";
import type { Code } from "./code.js";
import { friendlyDuration } from "./friendly-duration.js";
import type { Secrets } from "./secrets.js";

type Key = keyof GatewaySettings;

/** A setting as the API answers it → the prop that declares it; undefined where none is needed. */
type Inverse<Setting extends Key> = (
  value: GatewaySettings[Setting],
  secrets: Secrets,
) => Code | undefined;

/** What is the product's default, or off, needs no prop. */
const plain =
  <Setting extends Key>(key: Setting): Inverse<Setting> =>
  (value) =>
    value === null || value === gatewayDefaults[key] ? undefined : (value as Code);

/** How each setting is declared: the way back of `renderGatewayBody`. */
export const gatewayPropsOf: { readonly [Setting in Key]: Inverse<Setting> } = {
  cache_ttl: plain("cache_ttl"),
  cache_invalidate_on_update: plain("cache_invalidate_on_update"),
  collect_logs: plain("collect_logs"),
  rate_limiting_interval: plain("rate_limiting_interval"),
  rate_limiting_limit: plain("rate_limiting_limit"),
  rate_limiting_technique: plain("rate_limiting_technique"),
  authentication: plain("authentication"),
  log_management: plain("log_management"),
  log_management_strategy: plain("log_management_strategy"),
  retry_max_attempts: plain("retry_max_attempts"),
  retry_delay: plain("retry_delay"),
  retry_backoff: plain("retry_backoff"),
  byok_only: plain("byok_only"),
  dlp: dlpOf,
  guardrails: guardrailsOf,
  log_classification: plain("log_classification"),
  logpush: plain("logpush"),
  logpush_public_key: plain("logpush_public_key"),
  otel: otelOf,
  spend_limits: spendLimitsOf,
  store_id: plain("store_id"),
  stripe: stripeOf,
  workers_ai_billing_mode: plain("workers_ai_billing_mode"),
  zdr: plain("zdr"),
};

/** Settings that the API answers → the props that declare them. Nothing is said of those it leaves out. */
export function readGatewayProps(
  settings: Readonly<Record<string, unknown>>,
  secrets: Secrets,
): Readonly<Record<string, Code>> {
  return Object.fromEntries(
    (Object.keys(gatewayPropsOf) as Key[]).flatMap((key) => {
      const value = settings[key];
      const inverse = gatewayPropsOf[key] as Inverse<Key>;
      const prop = value === undefined ? undefined : inverse(value as never, secrets);
      return prop === undefined ? [] : [[propOf(key), prop]];
    }),
  );
}

/** A prop that says "off" while it keeps what it was does not exist. */
function dlpOf(dlp: DlpSetting | null): Code | undefined {
  if (dlp === null || !dlp.enabled) {
    return undefined;
  }
  if ("policies" in dlp) {
    return dlp.policies.length === 0 ? undefined : { policies: dlp.policies.map(dlpPolicyOf) };
  }
  return { action: dlp.action, profiles: [...dlp.profiles] };
}

function dlpPolicyOf({ id, enabled, action, check, profiles }: DlpPolicySetting): Code {
  const both = JSON.stringify(check) === JSON.stringify(dlpChecks);
  const policy = {
    ...(enabled ? {} : { enabled }),
    action,
    ...(both ? {} : { check: [...check] }),
    profiles: [...profiles],
  };
  const rendered = renderDlp({ policies: [policy] });
  const isDefault = "policies" in rendered && rendered.policies[0]?.id === id;
  return isDefault ? policy : { id, ...policy };
}

function guardrailsOf(guardrails: GuardrailsSetting | null): Code | undefined {
  const prompt = categoriesOf(guardrails?.prompt);
  const response = categoriesOf(guardrails?.response);
  return prompt === undefined && response === undefined ? undefined : { prompt, response };
}

function categoriesOf(actions: GuardrailActions = {}): { [category: string]: Code } | undefined {
  const named = Object.entries(guardrailCategories).flatMap(([category, key]) =>
    actions[key] === undefined ? [] : [[category, actions[key]] as const],
  );
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

function otelOf(exporters: readonly OtelSetting[] | null, secrets: Secrets): Code | undefined {
  if (!isRows(exporters) || exporters.length === 0) {
    return undefined;
  }
  return exporters.map(({ url, headers, authorization, content_type }, index) => {
    const prefix = exporters.length === 1 ? "otel" : `otel_${index + 1}`;
    const names = Object.keys(headers ?? {});
    return {
      url: withoutCredentials(url),
      ...(names.length > 0 && {
        headers: Object.fromEntries(
          names.map((name) => [
            name,
            secrets.declare(`${prefix}_${name}`, `the header ${name} of otel[${index}]`),
          ]),
        ),
      }),
      ...(typeof authorization === "string" && {
        authorization: secrets.declare(
          `${prefix}_authorization`,
          `the header authorization of otel[${index}]`,
        ),
      }),
      ...(content_type === undefined || content_type === "json"
        ? {}
        : { contentType: content_type }),
    };
  });
}

function stripeOf(stripe: StripeSetting | null, secrets: Secrets): Code | undefined {
  if (!isRow(stripe) || !isRows(stripe.usage_events) || stripe.usage_events.length === 0) {
    return undefined;
  }
  return {
    authorization: secrets.declare("stripe_authorization", "Stripe's key"),
    usageEvents: stripe.usage_events.map(({ payload }) => ({ payload })),
  };
}

/** Where all limits are off at once, each is declared as off. */
function spendLimitsOf(limits: SpendLimitsSetting | null): Code | undefined {
  // The API's own defaults, where an answer leaves them out.
  const { enabled = false, rules = [] } = limits ?? {};
  return rules.length === 0
    ? undefined
    : rules.map((rule) => spendLimitOf({ ...rule, enabled: enabled && rule.enabled !== false }));
}

function spendLimitOf(rule: SpendLimitRule): Code {
  const { id, enabled, limit, window, technique = "sliding", metadata, model, provider } = rule;
  const declared = {
    limit,
    window: friendlyDuration(window),
    ...(technique === "sliding" ? {} : { technique }),
    // An empty filter asks for nothing, and no prop may say it.
    ...(Object.keys(metadata ?? {}).length > 0 && {
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([key, by]) => [
          key,
          by.mode === "partition" ? by.mode : [...by.values],
        ]),
      ),
    }),
    ...(model !== undefined && { model: [...model.values] }),
    ...(provider !== undefined && { provider: [...provider.values] }),
  };
  return {
    ...(spendLimitId(declared as SpendLimit) === id ? {} : { id }),
    ...declared,
    ...(enabled ? {} : { enabled }),
  };
}
