import { describe, expect, test } from "@jest/globals";
import {
  gatewayRules,
  validateGatewayProps,
} from "../../../lib/ai-gateway/ai-gateway-validation.js";
import { AiGateway, type AiGatewayProps } from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";
import { testRules } from "./settings/test-rules.js";

/** Props as plain JavaScript may pass them. */
const wrong = (props: Record<string, unknown>): AiGatewayProps => props as AiGatewayProps;

describe("a gateway's props", () => {
  test.each<AiGatewayProps>([
    {},
    { gatewayId: "a" },
    { gatewayId: "a_b-c9" },
    { gatewayId: "x".repeat(64) },
    { cacheTtl: 0 },
    { rateLimitingLimit: 0 },
    { rateLimitingInterval: 0 },
    { rateLimitingLimit: 1, rateLimitingInterval: 1, rateLimitingTechnique: "fixed" },
    { logManagement: 10_000, logManagementStrategy: "STOP_INSERTING" },
    { logManagement: 10_000_000, collectLogs: true },
    { collectLogs: false },
    { retryMaxAttempts: 1, retryDelay: 0, retryBackoff: "constant" },
    { retryMaxAttempts: 5, retryDelay: 60_000, retryBackoff: "exponential" },
  ])("may be %j", (props) => {
    expect(validateGatewayProps(props)).toEqual([]);
  });

  const whole = "allowed is a whole number of";
  test.each<[AiGatewayProps, string]>([
    [{ gatewayId: "" }, 'gatewayId: got ""; allowed is 1 to 64 characters'],
    [{ gatewayId: "A" }, 'gatewayId: got "A"'],
    [{ gatewayId: "a--b" }, 'gatewayId: got "a--b"'],
    [{ gatewayId: "-a" }, 'gatewayId: got "-a"'],
    [{ gatewayId: "x".repeat(65) }, "gatewayId: got"],
    [wrong({ gatewayId: 5 }), "gatewayId: got 5"],
    [{ cacheTtl: -1 }, `cacheTtl: got -1; ${whole} seconds, 0 or more.`],
    [{ cacheTtl: 1.5 }, `cacheTtl: got 1.5; ${whole} seconds, 0 or more.`],
    [{ cacheTtl: Number.NaN }, `cacheTtl: got NaN; ${whole} seconds, 0 or more.`],
    [{ cacheTtl: Number.POSITIVE_INFINITY }, `cacheTtl: got Infinity; ${whole} seconds`],
    [wrong({ cacheTtl: "60" }), `cacheTtl: got "60"; ${whole} seconds`],
    [wrong({ cacheTtl: null }), `cacheTtl: got null; ${whole} seconds`],
    [
      wrong({ cacheInvalidateOnUpdate: "yes" }),
      'cacheInvalidateOnUpdate: got "yes"; allowed is true or false.',
    ],
    [
      { rateLimitingLimit: -1, rateLimitingInterval: 1 },
      `rateLimitingLimit: got -1; ${whole} requests, 0 or more.`,
    ],
    [
      { rateLimitingLimit: 1, rateLimitingInterval: 0.5 },
      `rateLimitingInterval: got 0.5; ${whole} seconds, 0 or more.`,
    ],
    [
      wrong({
        rateLimitingLimit: 1,
        rateLimitingInterval: 1,
        rateLimitingTechnique: "token-bucket",
      }),
      'rateLimitingTechnique: got "token-bucket"; allowed is "fixed" or "sliding".',
    ],
    [{ rateLimitingLimit: 10 }, "rateLimitingLimit: got 10 without rateLimitingInterval;"],
    [
      { rateLimitingLimit: 10, rateLimitingInterval: 0 },
      "rateLimitingLimit: got 10 without rateLimitingInterval;",
    ],
    [{ rateLimitingInterval: 60 }, "rateLimitingInterval: got 60 without rateLimitingLimit;"],
    [
      { rateLimitingTechnique: "sliding" },
      'rateLimitingTechnique: got "sliding" without rateLimitingLimit;',
    ],
    [wrong({ collectLogs: 1 }), "collectLogs: got 1; allowed is true or false."],
    [
      { logManagement: 9_999 },
      "logManagement: got 9999; allowed is a whole number of logs, 10,000 to 10,000,000.",
    ],
    [{ logManagement: 10_000_001 }, "logManagement: got 10000001;"],
    [
      wrong({ logManagementStrategy: "DELETE" }),
      'logManagementStrategy: got "DELETE"; allowed is "STOP_INSERTING" or "DELETE_OLDEST".',
    ],
    [
      { collectLogs: false, logManagement: 20_000 },
      "logManagement: got 20000 with collectLogs false;",
    ],
    [
      { collectLogs: false, logManagementStrategy: "DELETE_OLDEST" },
      'logManagementStrategy: got "DELETE_OLDEST" with collectLogs false;',
    ],
    [wrong({ authentication: "on" }), 'authentication: got "on"; allowed is true or false.'],
    [{ retryMaxAttempts: 0 }, `retryMaxAttempts: got 0; ${whole} attempts, 1 to 5.`],
    [
      { retryMaxAttempts: 1, retryDelay: 60_001 },
      `retryDelay: got 60001; ${whole} milliseconds, 0 to 60,000.`,
    ],
    [
      wrong({ retryMaxAttempts: 1, retryBackoff: "quick" }),
      'retryBackoff: got "quick"; allowed is "constant" or "linear" or "exponential".',
    ],
    [{ retryDelay: 100 }, "retryDelay: got 100 without retryMaxAttempts;"],
    [{ retryBackoff: "linear" }, 'retryBackoff: got "linear" without retryMaxAttempts;'],
    [wrong({ cacheTTL: 60 }), "cacheTTL: there is no such prop; the props are gatewayId,"],
    [wrong({ toString: 1 }), "toString: there is no such prop;"],
    [wrong({ cacheTTL: 60 }), ", zdr. Did you mean cacheTtl?"],
    [wrong({ rateLimitLimit: 60 }), ", zdr. Did you mean rateLimitingLimit?"],
    [wrong({ colectLog: true }), ", zdr. Did you mean collectLogs?"],
  ])("fail when they are %j", (props, message) => {
    expect(validateGatewayProps(props)).toEqual([expect.stringContaining(message)]);
  });

  test.each(Object.keys(gatewayRules))("fail with one sentence where %s is null", (prop) => {
    expect(validateGatewayProps({ [prop]: null })).toEqual([
      expect.stringContaining(`${prop}: got null; `),
    ]);
  });

  test("fail with all that is wrong at once", () => {
    const problems = validateGatewayProps({ cacheTtl: -1, retryDelay: -1, rateLimitingLimit: 5 });

    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "cacheTtl",
      "retryDelay",
      "retryDelay",
      "rateLimitingLimit",
    ]);
  });

  test("are all reported at once, with the construct's path", () => {
    const stack = newStack();
    new AiGateway(stack, "gateway", {
      guardrails: { prompt: { hatred: "BLOCK", violentCrimes: "NO" } },
      spendLimits: [{ limit: 0.3, window: 0 }],
    } as unknown as AiGatewayProps);

    expect(problemsOf(stack).map((problem) => problem.split(/[:;]/)[0])).toEqual([
      "[chat/gateway] guardrails.prompt.hatred",
      "[chat/gateway] guardrails.prompt.violentCrimes",
      "[chat/gateway] spendLimits[0].limit",
      "[chat/gateway] spendLimits[0].window",
    ]);
  });
});

testRules(["deletionProtection"], {
  allowed: [{ deletionProtection: true }],
  refused: [
    [
      "gateway-deletion-protection",
      { deletionProtection: 1 },
      "deletionProtection: got 1; allowed is true or false.",
    ],
  ],
});
