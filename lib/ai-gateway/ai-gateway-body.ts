import type { IResolvable } from "cdktf";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import { escapeTexts } from "../escape-texts.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";
import { renderDlp } from "./settings/dlp.js";
import { renderGuardrails } from "./settings/guardrails.js";
import { renderShownOtel, type ShownOtel } from "./settings/otel.js";
import { renderSpendLimits } from "./settings/spend-limits.js";
import { renderShownStripe, type ShownStripe } from "./settings/stripe.js";

/** Settings whose secrets are left out of the body. */
type Shown = {
  readonly otel: readonly ShownOtel[] | null;
  readonly stripe: ShownStripe | null;
};

/** What the API is sent, secrets left out: every managed setting, whether a prop names it or not. */
export type GatewayBody = { readonly id: string } & Shown & {
    readonly [Key in Exclude<keyof GatewaySettings, keyof Shown>]:
      | GatewaySettings[Key]
      | (GatewaySettings[Key] extends boolean ? IResolvable : never);
  };

/** Keys of the body, and so of everything that is compared with the API's answers. */
export const managedKeys: readonly (keyof GatewayBody)[] = [
  "id",
  ...(Object.keys(gatewayDefaults) as (keyof GatewaySettings)[]),
];

/** Props as the request body of POST and PUT. A setting without a prop is sent with its "off" value. */
export function renderGatewayBody(id: string, props: AiGatewayProps): GatewayBody {
  const { dlp, guardrails, otel, spendLimits, stripe } = props;
  return escapeTexts<GatewayBody>({
    id,
    cache_ttl: props.cacheTtl ?? gatewayDefaults.cache_ttl,
    cache_invalidate_on_update:
      props.cacheInvalidateOnUpdate ?? gatewayDefaults.cache_invalidate_on_update,
    collect_logs: props.collectLogs ?? gatewayDefaults.collect_logs,
    rate_limiting_interval: props.rateLimitingInterval ?? gatewayDefaults.rate_limiting_interval,
    rate_limiting_limit: props.rateLimitingLimit ?? gatewayDefaults.rate_limiting_limit,
    rate_limiting_technique: props.rateLimitingTechnique ?? gatewayDefaults.rate_limiting_technique,
    authentication: props.authentication ?? gatewayDefaults.authentication,
    log_management: props.logManagement ?? gatewayDefaults.log_management,
    log_management_strategy: props.logManagementStrategy ?? gatewayDefaults.log_management_strategy,
    retry_max_attempts: props.retryMaxAttempts ?? gatewayDefaults.retry_max_attempts,
    retry_delay: props.retryDelay ?? gatewayDefaults.retry_delay,
    retry_backoff: props.retryBackoff ?? gatewayDefaults.retry_backoff,
    byok_only: props.byokOnly ?? gatewayDefaults.byok_only,
    dlp: dlp === undefined ? gatewayDefaults.dlp : renderDlp(dlp),
    guardrails: guardrails === undefined ? null : renderGuardrails(guardrails),
    log_classification: props.logClassification ?? gatewayDefaults.log_classification,
    logpush: props.logpush ?? gatewayDefaults.logpush,
    logpush_public_key: props.logpushPublicKey ?? gatewayDefaults.logpush_public_key,
    otel: otel === undefined ? null : renderShownOtel(otel),
    spend_limits: spendLimits === undefined ? null : renderSpendLimits(spendLimits),
    store_id: props.storeId ?? gatewayDefaults.store_id,
    stripe: stripe === undefined ? null : renderShownStripe(stripe),
    workers_ai_billing_mode: props.workersAiBillingMode ?? gatewayDefaults.workers_ai_billing_mode,
    zdr: props.zdr ?? gatewayDefaults.zdr,
  });
}
