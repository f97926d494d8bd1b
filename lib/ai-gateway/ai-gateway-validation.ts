import {
  GATEWAY_ID_MAX_LENGTH,
  gatewayBounds,
  gatewayIdPattern,
} from "../../protocol/gateway-settings.js";
import { gatewayProviders } from "../cloudflare-props.js";
import { deletionProtectionRule } from "../deletion-protection.js";
import {
  applyRules,
  checkBoolean,
  checkInteger,
  checkWord,
  type PropRules,
  wrongValue,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";
import {
  byokOnlyRules,
  storeIdRules,
  workersAiBillingModeRules,
  zdrRules,
} from "./settings/billing.js";
import { dlpRules } from "./settings/dlp.js";
import { guardrailRules } from "./settings/guardrails.js";
import { logpushPublicKeyRules, logpushRules } from "./settings/logpush.js";
import {
  collectLogsRules,
  logClassificationRules,
  logManagementRules,
  logManagementStrategyRules,
} from "./settings/logs.js";
import { otelRules } from "./settings/otel.js";
import {
  rateLimitingIntervalRules,
  rateLimitingLimitRules,
  rateLimitingTechniqueRules,
} from "./settings/rate-limiting.js";
import { retryBackoffRules, retryDelayRules, retryMaxAttemptsRules } from "./settings/retries.js";
import { spendLimitRules } from "./settings/spend-limit-rules.js";
import { stripeRules } from "./settings/stripe.js";

/** What a gateway's props are checked for. */
export const gatewayRules: PropRules<AiGatewayProps> = {
  gatewayId: [
    { name: "gateway-id", check: ({ gatewayId }) => checkGatewayId("gatewayId", gatewayId) },
  ],
  gatewayProvider: [
    {
      name: "gateway-provider",
      check: ({ gatewayProvider }) =>
        checkWord("gatewayProvider", gatewayProvider, gatewayProviders),
    },
  ],
  deletionProtection: deletionProtectionRule("gateway-deletion-protection"),
  cacheTtl: [
    {
      name: "gateway-cache-ttl",
      check: ({ cacheTtl }) => checkInteger("cacheTtl", cacheTtl, gatewayBounds.cache_ttl),
    },
  ],
  cacheInvalidateOnUpdate: [
    {
      name: "gateway-cache-invalidate-on-update",
      check: (props) => checkBoolean("cacheInvalidateOnUpdate", props.cacheInvalidateOnUpdate),
    },
  ],
  rateLimitingLimit: rateLimitingLimitRules,
  rateLimitingInterval: rateLimitingIntervalRules,
  rateLimitingTechnique: rateLimitingTechniqueRules,
  collectLogs: collectLogsRules,
  logManagement: logManagementRules,
  logManagementStrategy: logManagementStrategyRules,
  authentication: [
    {
      name: "gateway-authentication",
      check: ({ authentication }) => checkBoolean("authentication", authentication),
    },
  ],
  retryMaxAttempts: retryMaxAttemptsRules,
  retryDelay: retryDelayRules,
  retryBackoff: retryBackoffRules,
  byokOnly: byokOnlyRules,
  dlp: dlpRules,
  guardrails: guardrailRules,
  logClassification: logClassificationRules,
  logpush: logpushRules,
  logpushPublicKey: logpushPublicKeyRules,
  otel: otelRules,
  spendLimits: spendLimitRules,
  storeId: storeIdRules,
  stripe: stripeRules,
  workersAiBillingMode: workersAiBillingModeRules,
  zdr: zdrRules,
};

/** All that is wrong with a gateway's props. What only Terraform knows is not judged. */
export function validateGatewayProps(props: AiGatewayProps): readonly string[] {
  return applyRules(gatewayRules, props);
}

/** A gateway's id that is written out; a token is fine. */
export function checkGatewayId(prop: string, id: unknown): string | undefined {
  if (id === undefined || isToken(id)) {
    return undefined;
  }
  if (typeof id === "string" && id.length <= GATEWAY_ID_MAX_LENGTH && gatewayIdPattern.test(id)) {
    return undefined;
  }
  return wrongValue(
    prop,
    id,
    `1 to ${GATEWAY_ID_MAX_LENGTH} characters, lower-case letters, digits and "_" in words joined by single hyphens, such as "chat-gateway"`,
  );
}
