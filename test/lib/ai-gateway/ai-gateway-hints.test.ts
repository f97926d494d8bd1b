import { describe, expect, test } from "@jest/globals";
import { gatewayHints } from "../../../lib/ai-gateway/ai-gateway-hints.js";
import { AiGateway, type AiGatewayProps } from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";

describe("what is odd about a gateway's settings", () => {
  const cases: readonly (readonly [hint: string, props: AiGatewayProps, fine: AiGatewayProps])[] = [
    [
      "gateway-hint-invalidate-without-cache",
      { cacheInvalidateOnUpdate: true },
      { cacheInvalidateOnUpdate: true, cacheTtl: 60 },
    ],
    ["gateway-hint-cache-ttl", { cacheTtl: 59 }, { cacheTtl: 60 }],
    [
      "gateway-hint-huge-limit",
      { rateLimitingLimit: 1_000_000_001, rateLimitingInterval: 60 },
      { rateLimitingLimit: 1_000_000_000, rateLimitingInterval: 60 },
    ],
    [
      "gateway-hint-long-window",
      { rateLimitingLimit: 1, rateLimitingInterval: 31_536_001 },
      { rateLimitingLimit: 1, rateLimitingInterval: 31_536_000 },
    ],
    ["gateway-hint-guardrails-stop-streaming", { guardrails: { prompt: { hate: "FLAG" } } }, {}],
    [
      "gateway-hint-long-retry-delay",
      { retryMaxAttempts: 2, retryDelay: 5_001 },
      { retryMaxAttempts: 2, retryDelay: 5_000 },
    ],
    [
      "gateway-hint-byok-only-with-unified-billing",
      { byokOnly: true, storeId: "x", workersAiBillingMode: "unified" },
      { byokOnly: true, storeId: "x" },
    ],
    ["gateway-hint-zdr-with-byok-only", { byokOnly: true, storeId: "x", zdr: true }, { zdr: true }],
  ];

  test.each(cases)("is a warning: %s", (hint, odd, fine) => {
    const stack = newStack();
    const warned = new AiGateway(stack, "odd", odd);
    const silent = new AiGateway(stack, "fine", fine);

    const [warning] = [gatewayHints.find(({ name }) => name === hint)?.check(odd)].flat();
    expect(warned.node.metadata).toEqual([
      expect.objectContaining({ type: "@cdktf/warn", data: warning }),
    ]);
    expect(silent.node.metadata).toEqual([]);
    expect(problemsOf(stack)).toEqual([]);
  });

  test("has a case for each", () => {
    expect(cases.map(([hint]) => hint).sort()).toEqual(gatewayHints.map(({ name }) => name).sort());
  });
});
