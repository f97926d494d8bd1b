import { describe, expect, test } from "@jest/globals";
import { managedKeys, renderGatewayBody } from "../../../lib/ai-gateway/ai-gateway-body.js";
import type { AiGatewayProps } from "../../../lib/index.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";

describe("a gateway's request body", () => {
  test("has every managed setting with the product's default where no prop is given", () => {
    expect(renderGatewayBody("chat", {})).toEqual({ id: "chat", ...gatewayDefaults });
  });

  test.each<[AiGatewayProps, object]>([
    [{ cacheTtl: 60 }, { cache_ttl: 60 }],
    [{ cacheTtl: 0 }, { cache_ttl: 0 }],
    [{ cacheInvalidateOnUpdate: true }, { cache_invalidate_on_update: true }],
    [{ rateLimitingInterval: 10 }, { rate_limiting_interval: 10 }],
    [{ rateLimitingLimit: 5 }, { rate_limiting_limit: 5 }],
    [{ rateLimitingTechnique: "sliding" }, { rate_limiting_technique: "sliding" }],
    [{ collectLogs: false }, { collect_logs: false }],
    [{ logManagement: 10_000 }, { log_management: 10_000 }],
    [{ logManagementStrategy: "DELETE_OLDEST" }, { log_management_strategy: "DELETE_OLDEST" }],
    [{ authentication: true }, { authentication: true }],
    [{ retryMaxAttempts: 3 }, { retry_max_attempts: 3 }],
    [{ retryDelay: 0 }, { retry_delay: 0 }],
    [{ retryBackoff: "linear" }, { retry_backoff: "linear" }],
    [{ byokOnly: true }, { byok_only: true }],
    [
      { dlp: { action: "BLOCK", profiles: ["p"] } },
      { dlp: { enabled: true, action: "BLOCK", profiles: ["p"] } },
    ],
    [
      { dlp: { policies: [{ id: "a", action: "FLAG", profiles: ["p"] }] } },
      {
        dlp: {
          enabled: true,
          policies: [
            {
              id: "a",
              enabled: true,
              action: "FLAG",
              check: ["REQUEST", "RESPONSE"],
              profiles: ["p"],
            },
          ],
        },
      },
    ],
    [
      { guardrails: { prompt: { violentCrimes: "BLOCK", promptInjection: "FLAG" } } },
      { guardrails: { prompt: { S1: "BLOCK", P1: "FLAG" }, response: {} } },
    ],
    [{ logClassification: true }, { log_classification: true }],
    [{ logpush: true }, { logpush: true }],
    [{ logpushPublicKey: "pem" }, { logpush_public_key: "pem" }],
    [
      { otel: [{ url: "https://otel.example.com/v1/traces" }] },
      {
        otel: [{ url: "https://otel.example.com/v1/traces", headers: {}, content_type: "json" }],
      },
    ],
    [{ otel: [] }, {}],
    [
      { spendLimits: [{ id: "a", limit: 2.5, window: "1h", technique: "fixed" }] },
      {
        spend_limits: {
          enabled: true,
          rules: [
            {
              id: "a",
              enabled: true,
              limit: 2.5,
              limitType: "cost",
              window: 3_600,
              technique: "fixed",
            },
          ],
        },
      },
    ],
    [
      {
        spendLimits: [
          {
            id: "a",
            limit: 1,
            window: 60,
            enabled: false,
            metadata: { user: "partition", plan: ["free"] },
            model: ["m"],
            provider: ["openai"],
          },
        ],
      },
      {
        spend_limits: {
          enabled: true,
          rules: [
            {
              id: "a",
              enabled: false,
              limit: 1,
              limitType: "cost",
              window: 60,
              technique: "sliding",
              metadata: {
                user: { mode: "partition" },
                plan: { mode: "filter", values: ["free"] },
              },
              model: { mode: "filter", values: ["m"] },
              provider: { mode: "filter", values: ["openai"] },
            },
          ],
        },
      },
    ],
    [{ spendLimits: [] }, {}],
    [{ storeId: "abc" }, { store_id: "abc" }],
    [{ workersAiBillingMode: "unified" }, { workers_ai_billing_mode: "unified" }],
    [{ zdr: true }, { zdr: true }],
  ])("%j changes only %j", (props, changed) => {
    expect(renderGatewayBody("chat", props)).toEqual({
      id: "chat",
      ...gatewayDefaults,
      ...changed,
    });
  });

  test("has exactly the keys that are compared with the API's answers", () => {
    expect(Object.keys(renderGatewayBody("chat", {})).sort()).toEqual([...managedKeys].sort());
  });
});
