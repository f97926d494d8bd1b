import {
  GATEWAY_ID_MAX_LENGTH,
  gatewayBounds,
  gatewayIdPattern,
  logManagementStrategies,
  rateLimitingTechniques,
  retryBackoffs,
} from "../../protocol/gateway-settings.js";
import { gatewayProviders } from "../cloudflare.js";
import { deletionProtectionRule } from "../deletion-protection.js";
import {
  applyRules,
  checkBoolean,
  checkInteger,
  checkWord,
  type PropRules,
  type Rule,
  show,
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
import { otelRules } from "./settings/otel.js";
import { spendLimitRules } from "./settings/spend-limit-rules.js";
import { stripeRules } from "./settings/stripe.js";

const off = (value: number | undefined): boolean => value === undefined || value === 0;

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
  rateLimitingLimit: [
    {
      name: "gateway-rate-limiting-limit",
      check: (props) =>
        checkInteger(
          "rateLimitingLimit",
          props.rateLimitingLimit,
          gatewayBounds.rate_limiting_limit,
        ),
    },
    {
      name: "gateway-limit-without-interval",
      check: ({ rateLimitingLimit, rateLimitingInterval }) =>
        !off(rateLimitingLimit) && off(rateLimitingInterval)
          ? `rateLimitingLimit: got ${showNumber(rateLimitingLimit)} without rateLimitingInterval; requests are counted over a number of seconds. Set rateLimitingInterval too, or remove rateLimitingLimit.`
          : undefined,
    },
  ],
  rateLimitingInterval: [
    {
      name: "gateway-rate-limiting-interval",
      check: (props) =>
        checkInteger(
          "rateLimitingInterval",
          props.rateLimitingInterval,
          gatewayBounds.rate_limiting_interval,
        ),
    },
    {
      name: "gateway-interval-without-limit",
      check: ({ rateLimitingLimit, rateLimitingInterval }) =>
        !off(rateLimitingInterval) && off(rateLimitingLimit)
          ? `rateLimitingInterval: got ${showNumber(rateLimitingInterval)} without rateLimitingLimit; no request would be counted. Set rateLimitingLimit too, or remove rateLimitingInterval.`
          : undefined,
    },
  ],
  rateLimitingTechnique: [
    {
      name: "gateway-rate-limiting-technique",
      check: (props) =>
        checkWord("rateLimitingTechnique", props.rateLimitingTechnique, rateLimitingTechniques),
    },
    {
      name: "gateway-technique-without-limit",
      check: ({ rateLimitingLimit, rateLimitingTechnique }) =>
        rateLimitingTechnique !== undefined && off(rateLimitingLimit)
          ? `rateLimitingTechnique: got ${show(rateLimitingTechnique)} without rateLimitingLimit; no request would be counted. Set rateLimitingLimit and rateLimitingInterval, or remove rateLimitingTechnique.`
          : undefined,
    },
  ],
  collectLogs: [
    {
      name: "gateway-collect-logs",
      check: ({ collectLogs }) => checkBoolean("collectLogs", collectLogs),
    },
  ],
  logManagement: [
    {
      name: "gateway-log-management",
      check: (props) =>
        checkInteger("logManagement", props.logManagement, gatewayBounds.log_management),
    },
    {
      name: "gateway-log-management-without-logs",
      check: ({ collectLogs, logManagement }) =>
        collectLogs === false && logManagement !== undefined
          ? `logManagement: got ${showNumber(logManagement)} with collectLogs false; there are no logs to keep. Remove logManagement, or collectLogs: false.`
          : undefined,
    },
  ],
  logManagementStrategy: [
    {
      name: "gateway-log-management-strategy",
      check: (props) =>
        checkWord("logManagementStrategy", props.logManagementStrategy, logManagementStrategies),
    },
    {
      name: "gateway-strategy-without-logs",
      check: ({ collectLogs, logManagementStrategy }) =>
        collectLogs === false && logManagementStrategy !== undefined
          ? `logManagementStrategy: got ${show(logManagementStrategy)} with collectLogs false; there are no logs to keep. Remove logManagementStrategy, or collectLogs: false.`
          : undefined,
    },
  ],
  authentication: [
    {
      name: "gateway-authentication",
      check: ({ authentication }) => checkBoolean("authentication", authentication),
    },
  ],
  retryMaxAttempts: [
    {
      name: "gateway-retry-max-attempts",
      check: (props) =>
        checkInteger("retryMaxAttempts", props.retryMaxAttempts, gatewayBounds.retry_max_attempts),
    },
  ],
  retryDelay: [
    {
      name: "gateway-retry-delay",
      check: ({ retryDelay }) => checkInteger("retryDelay", retryDelay, gatewayBounds.retry_delay),
    },
    {
      name: "gateway-retry-delay-without-attempts",
      check: ({ retryDelay, retryMaxAttempts }) =>
        retryDelay !== undefined && retryMaxAttempts === undefined
          ? `retryDelay: got ${showNumber(retryDelay)} without retryMaxAttempts; nothing would be sent again. Set retryMaxAttempts (1 to 5), or remove retryDelay.`
          : undefined,
    },
  ],
  retryBackoff: [
    {
      name: "gateway-retry-backoff",
      check: ({ retryBackoff }) => checkWord("retryBackoff", retryBackoff, retryBackoffs),
    },
    {
      name: "gateway-retry-backoff-without-attempts",
      check: ({ retryBackoff, retryMaxAttempts }) =>
        retryBackoff !== undefined && retryMaxAttempts === undefined
          ? `retryBackoff: got ${show(retryBackoff)} without retryMaxAttempts; nothing would be sent again. Set retryMaxAttempts (1 to 5), or remove retryBackoff.`
          : undefined,
    },
  ],
  byokOnly: byokOnlyRules,
  dlp: dlpRules,
  guardrails: guardrailRules,
  logClassification: [
    {
      name: "gateway-log-classification",
      check: (props) => checkBoolean("logClassification", props.logClassification),
    },
    {
      name: "gateway-log-classification-without-logs",
      check: ({ collectLogs, logClassification }) =>
        collectLogs === false && logClassification === true
          ? "logClassification: got true with collectLogs false; there are no logs to classify. Remove logClassification, or collectLogs: false."
          : undefined,
    },
  ],
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

/**
 * The props without those that are faulty: they may have any form in plain JavaScript, and cannot be rendered.
 * Synth fails for them.
 */
export function renderableProps(props: AiGatewayProps): AiGatewayProps {
  const isFaulty = (prop: string): boolean => {
    const rules: readonly Rule<AiGatewayProps>[] = Object.hasOwn(gatewayRules, prop)
      ? gatewayRules[prop as keyof AiGatewayProps]
      : [];
    return rules.some(({ check }) => [check(props) ?? []].flat().length > 0);
  };
  const kept = Object.entries(props).filter(([prop]) => !isFaulty(prop));
  return Object.fromEntries(kept) as AiGatewayProps;
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

const showNumber = (value: number | undefined): string =>
  isToken(value) ? "a token" : String(value);
