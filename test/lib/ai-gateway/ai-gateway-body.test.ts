import { describe, expect, test } from "@jest/globals";
import {
  gatewayReadSelector,
  managedKeys,
  renderGatewayBody,
  renderGatewayImportId,
} from "../../../lib/ai-gateway/ai-gateway-body.js";
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
  ])("%j changes only %j", (props, changed) => {
    expect(renderGatewayBody("chat", props)).toEqual({
      id: "chat",
      ...gatewayDefaults,
      ...changed,
    });
  });

  test("is compared with the API's answer in exactly its own keys", () => {
    expect(Object.keys(renderGatewayBody("chat", {})).sort()).toEqual([...managedKeys].sort());
    expect(gatewayReadSelector).toBe(`result.{${managedKeys.join(",")}}`);
  });

  test("is imported by the gateway's path, with its keys and no values", () => {
    const id = JSON.parse(renderGatewayImportId("/accounts/a/ai-gateway/gateways", "chat"));

    expect(id).toEqual({
      id: "/accounts/a/ai-gateway/gateways/chat",
      path: "/accounts/a/ai-gateway/gateways",
      body: Object.fromEntries(managedKeys.map((key) => [key, null])),
      read_selector: gatewayReadSelector,
    });
  });
});
