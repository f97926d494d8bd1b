import { applyRules, type PropRules } from "../../prop-rules.js";
import type { AiGatewayProps } from "../ai-gateway-props.js";

/** Milliseconds; the API takes more. */
const RETRY_DELAY_MAX_MS = 5_000;

const RESTFUL = 'Leave gatewayProvider at "restful" for this gateway';

/**
 * What `cloudflare_ai_gateway` 5.22 cannot say, or not safely. A row for each prop, so that a new one is thought of
 * here, too.
 */
export const nativeRules: PropRules<AiGatewayProps> = {
  gatewayId: [],
  gatewayProvider: [],
  deletionProtection: [],
  cacheTtl: [],
  cacheInvalidateOnUpdate: [],
  rateLimitingLimit: [],
  rateLimitingInterval: [],
  rateLimitingTechnique: [],
  collectLogs: [],
  logManagement: [],
  logManagementStrategy: [],
  authentication: [],
  retryMaxAttempts: [],
  retryDelay: [
    {
      name: "gateway-native-retry-delay",
      check: ({ retryDelay }) =>
        typeof retryDelay === "number" && retryDelay > RETRY_DELAY_MAX_MS
          ? `retryDelay: got ${retryDelay} with gatewayProvider "cloudflare"; cloudflare_ai_gateway takes 0 to 5,000 milliseconds. Lower it, or: ${RESTFUL}.`
          : undefined,
    },
  ],
  retryBackoff: [],
  byokOnly: [
    {
      name: "gateway-native-byok-only",
      check: ({ byokOnly = false }) => withoutAttribute("byokOnly", byokOnly !== false),
    },
  ],
  dlp: [],
  guardrails: [],
  logClassification: [
    {
      name: "gateway-native-log-classification",
      check: ({ logClassification = false }) =>
        withoutAttribute("logClassification", logClassification !== false),
    },
  ],
  logpush: [],
  logpushPublicKey: [],
  otel: [
    {
      name: "gateway-native-otel-secrets",
      check: ({ otel = [] }) =>
        Array.isArray(otel) && otel.some(hasSecrets)
          ? `otel: has headers or authorization with gatewayProvider "cloudflare"; cloudflare_ai_gateway has no write-only attributes, so they would be readable in the state. ${RESTFUL}, or remove them.`
          : undefined,
    },
  ],
  spendLimits: [],
  storeId: [],
  stripe: [
    {
      name: "gateway-native-stripe",
      check: ({ stripe }) =>
        stripe === undefined
          ? undefined
          : `stripe: is set with gatewayProvider "cloudflare"; cloudflare_ai_gateway has no write-only attributes, so authorization would be readable in the state. ${RESTFUL}, or remove stripe.`,
    },
  ],
  workersAiBillingMode: [
    {
      name: "gateway-native-billing-mode",
      check: ({ workersAiBillingMode }) =>
        workersAiBillingMode === "unified"
          ? `workersAiBillingMode: got "unified" with gatewayProvider "cloudflare"; cloudflare_ai_gateway 5.22 takes "postpaid" only. ${RESTFUL}, or remove workersAiBillingMode.`
          : undefined,
    },
  ],
  zdr: [],
};

/** All that the provider's own resource cannot do for these props. */
export function validateNativeProps(props: AiGatewayProps): readonly string[] {
  // A prop that does not exist is told by the rules that hold for both providers.
  const known = Object.entries(props).filter(([prop]) => Object.hasOwn(nativeRules, prop));
  return applyRules(nativeRules, Object.fromEntries(known) as AiGatewayProps);
}

const withoutAttribute = (prop: string, isSet: boolean): string | undefined =>
  isSet
    ? `${prop}: is set with gatewayProvider "cloudflare"; cloudflare_ai_gateway 5.22 has no attribute for it. ${RESTFUL}, or remove ${prop}.`
    : undefined;

const hasSecrets = (exporter: unknown): boolean => {
  const { headers, authorization } = (exporter ?? {}) as Record<string, unknown>;
  const some = typeof headers === "object" && headers !== null && Object.keys(headers).length > 0;
  return some || authorization !== undefined;
};
