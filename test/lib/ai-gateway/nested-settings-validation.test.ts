import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { Fn, TerraformVariable, Token } from "cdktf";
import { gatewayHints } from "../../../lib/ai-gateway/ai-gateway-hints.js";
import {
  gatewayRules,
  validateGatewayProps,
} from "../../../lib/ai-gateway/ai-gateway-validation.js";
import { AiGateway, type AiGatewayProps, SecretVariable } from "../../../lib/index.js";
import { canary } from "../../secrets/canary.js";
import { newStack, problemsOf } from "../new-stack.js";

const stack = newStack();
const secret = new SecretVariable(stack, "secret");
const token = new TerraformVariable(stack, "token", { type: "string" }).stringValue;
const numberToken = new TerraformVariable(stack, "number", { type: "number" }).numberValue;
const listToken = Token.asList(Fn.split(",", token));

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const ed25519 = generateKeyPairSync("ed25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** A secret that is written out. */
const LITERAL = canary("a setting's secret");

const url = "https://otel.example.com/v1/traces";
const dlp = { action: "BLOCK", profiles: ["p"] } as const;
const limit = { limit: 1, window: "1h" } as const;

describe("a gateway's nested settings", () => {
  test.each<AiGatewayProps>([
    { byokOnly: true, storeId: "a".repeat(32) },
    { byokOnly: true, storeId: token },
    { dlp },
    { dlp: { action: "FLAG", profiles: listToken } },
    { dlp: { policies: [dlp, { ...dlp, action: "FLAG", check: ["REQUEST"], enabled: false }] } },
    { guardrails: { prompt: { violentCrimes: "BLOCK", promptInjection: "FLAG" } } },
    { guardrails: { prompt: {}, response: { elections: "FLAG" } } },
    { logClassification: true, collectLogs: true },
    { logpush: true, logpushPublicKey: rsa.publicKey },
    { logpush: true, logpushPublicKey: token },
    { logpush: false },
    { otel: [] },
    { otel: [{ url, headers: { "x-key": secret }, authorization: secret }] },
    { otel: [{ url: token, contentType: "protobuf" }] },
    { spendLimits: [] },
    { spendLimits: [limit, { ...limit, limit: 12.25, model: ["m"] }] },
    { spendLimits: [{ limit: 0, window: 1, technique: "fixed", metadata: { user: "partition" } }] },
    { spendLimits: [{ limit: numberToken, window: numberToken, provider: listToken }] },
    { spendLimits: Array.from({ length: 20 }, (_, index) => ({ limit: 1, window: index + 1 })) },
    { storeId: "" },
    { stripe: { authorization: secret, usageEvents: [{ payload: "{}" }] } },
    { workersAiBillingMode: "unified" },
    { zdr: true },
    { deletionProtection: true },
  ])("may be %j", (props) => {
    expect(validateGatewayProps(props)).toEqual([]);
  });

  const cases: readonly (readonly [
    rule: string,
    props: Record<string, unknown>,
    message: string,
  ])[] = [
    [
      "gateway-deletion-protection",
      { deletionProtection: 1 },
      "deletionProtection: got 1; allowed is true or false.",
    ],
    ["gateway-byok-only", { byokOnly: "yes" }, 'byokOnly: got "yes"; allowed is true or false.'],
    ["gateway-byok-only-without-store", { byokOnly: true }, "byokOnly: got true without storeId;"],
    ["gateway-dlp", { dlp: true }, "dlp: got true; allowed is { action:"],
    [
      "gateway-dlp",
      { dlp: { ...dlp, policies: [dlp] } },
      "dlp: got policies together with action, profiles;",
    ],
    [
      "gateway-dlp-action",
      { dlp: { profiles: ["p"] } },
      'dlp.action: got nothing; allowed is "FLAG" or "BLOCK".',
    ],
    ["gateway-dlp", { dlp: { policies: [] } }, "dlp.policies: got none;"],
    ["gateway-dlp", { dlp: { ...dlp, enable: true } }, "dlp.enable: there is no such prop;"],
    [
      "gateway-dlp-action",
      { dlp: { action: "STOP", profiles: ["p"] } },
      'dlp.action: got "STOP"; allowed is "FLAG" or "BLOCK".',
    ],
    [
      "gateway-dlp-without-profiles",
      { dlp: { action: "FLAG", profiles: [] } },
      "dlp.profiles: got none; nothing would be looked for.",
    ],
    [
      "gateway-dlp-without-profiles",
      { dlp: { policies: [{ action: "FLAG", profiles: [] }] } },
      "dlp.policies[0].profiles: got none;",
    ],
    [
      "gateway-dlp-policy",
      { dlp: { policies: [{ ...dlp, check: [] }] } },
      "dlp.policies[0].check: got none;",
    ],
    [
      "gateway-dlp-policy",
      { dlp: { policies: [{ ...dlp, check: ["ANSWER"] }] } },
      'dlp.policies[0].check: got "ANSWER";',
    ],
    [
      "gateway-dlp-policy-ids",
      {
        dlp: {
          policies: [
            { ...dlp, id: "a" },
            { ...dlp, id: "a" },
          ],
        },
      },
      'dlp.policies: two have the id "a";',
    ],
    [
      "gateway-guardrails",
      { guardrails: "on" },
      'guardrails: got "on"; allowed is an object such as',
    ],
    [
      "gateway-guardrails",
      { guardrails: { prompts: {}, prompt: { hate: "FLAG" } } },
      "guardrails.prompts: there is no such side;",
    ],
    [
      "gateway-guardrails-category",
      { guardrails: { prompt: { violentCrime: "BLOCK" } } },
      "Did you mean violentCrimes?",
    ],
    [
      "gateway-guardrails-category",
      { guardrails: { prompt: { P1: "BLOCK" } } },
      "Did you mean promptInjection?",
    ],
    [
      "gateway-guardrails-action",
      { guardrails: { response: { hate: "DENY" } } },
      'guardrails.response.hate: got "DENY"; allowed is "FLAG" or "BLOCK".',
    ],
    [
      "gateway-guardrails-empty",
      { guardrails: { prompt: {}, response: {} } },
      "guardrails: got no category;",
    ],
    ["gateway-log-classification", { logClassification: 1 }, "logClassification: got 1;"],
    [
      "gateway-log-classification-without-logs",
      { logClassification: true, collectLogs: false },
      "logClassification: got true with collectLogs false;",
    ],
    ["gateway-logpush", { logpush: "on" }, 'logpush: got "on"; allowed is true or false.'],
    [
      "gateway-logpush-without-key",
      { logpush: true },
      "logpush: got true without logpushPublicKey;",
    ],
    [
      "gateway-logpush-without-logs",
      { logpush: true, logpushPublicKey: rsa.publicKey, collectLogs: false },
      "logpush: got true with collectLogs false;",
    ],
    [
      "gateway-logpush-public-key",
      { logpush: true, logpushPublicKey: "MIIB" },
      "logpushPublicKey: got a text that is no key;",
    ],
    [
      "gateway-logpush-public-key",
      { logpush: true, logpushPublicKey: rsa.privateKey },
      "logpushPublicKey: got a private key,",
    ],
    [
      "gateway-logpush-public-key",
      { logpush: true, logpushPublicKey: ed25519.publicKey },
      "logpushPublicKey: got a key of type ed25519;",
    ],
    [
      "gateway-logpush-key-without-logpush",
      { logpushPublicKey: rsa.publicKey },
      "logpushPublicKey: got a key without logpush;",
    ],
    [
      "gateway-otel",
      { otel: { url } },
      "otel: got a value of type object; allowed is an array such as",
    ],
    ["gateway-otel", { otel: ["https://x"] }, "otel[0]: got something else than an object;"],
    [
      "gateway-otel-prop",
      { otel: [{ url, header: {} }] },
      "otel[0].header: there is no such prop;",
    ],
    [
      "gateway-otel-url",
      { otel: [{ url: "otel.example.com" }] },
      'otel[0].url: got "otel.example.com"; allowed is an http or https URL',
    ],
    ["gateway-otel-url", { otel: [{}] }, "otel[0].url: got something else;"],
    [
      "gateway-otel-url",
      { otel: [{ url: `https://me:${LITERAL}@otel.example.com` }] },
      "otel[0].url: has a user name or a password",
    ],
    ...[
      `api_key=${LITERAL}`,
      `a=1&access-token=${LITERAL}`,
      `apiKey=${LITERAL}`,
      `x=sk-proj-${LITERAL}`,
      `sk-proj-${LITERAL}`,
      `pwd=${LITERAL}`,
    ].map((query): (typeof cases)[number] => [
      "gateway-otel-url",
      { otel: [{ url: `https://otel.example.com/v1?${query}` }] },
      "otel[0].url: has in its query what looks like a credential",
    ]),
    [
      "gateway-otel-header",
      { otel: [{ url, headers: { "a b": secret } }] },
      'otel[0].headers: got the name "a b";',
    ],
    [
      "gateway-otel-header",
      { otel: [{ url, authorization: secret, headers: { Authorization: secret } }] },
      "otel[0].headers: has authorization,",
    ],
    [
      "gateway-otel-secret",
      { otel: [{ url, headers: { "x-key": LITERAL } }] },
      "otel[0].headers.x-key: got a literal text;",
    ],
    [
      "gateway-otel-secret",
      { otel: [{ url, authorization: LITERAL }] },
      "otel[0].authorization: got a literal text;",
    ],
    [
      "gateway-otel-content-type",
      { otel: [{ url, contentType: "xml" }] },
      'otel[0].contentType: got "xml"; allowed is "json" or "protobuf".',
    ],
    ["gateway-otel-same-url", { otel: [{ url }, { url }] }, "otel[1].url: is that of otel[0];"],
    [
      "gateway-spend-limits",
      { spendLimits: limit },
      "spendLimits: got a value of type object; allowed is an array such as",
    ],
    [
      "gateway-spend-limits-count",
      { spendLimits: Array.from({ length: 21 }, (_, index) => ({ limit: 1, window: index + 1 })) },
      "spendLimits: got 21 rules; allowed are 20.",
    ],
    [
      "gateway-spend-limit-prop",
      { spendLimits: [{ ...limit, limitType: "cost" }] },
      "spendLimits[0].limitType: there is no such prop;",
    ],
    [
      "gateway-spend-limit",
      { spendLimits: [{ ...limit, limit: -1 }] },
      "spendLimits[0].limit: got -1; allowed is a number of dollars, 0 or more.",
    ],
    ["gateway-spend-limit", { spendLimits: [{ window: 1 }] }, "spendLimits[0].limit: got nothing;"],
    [
      "gateway-spend-limit-fraction",
      { spendLimits: [{ ...limit, limit: 0.1 }] },
      "fractions of a power of two, such as 0.0625 or 0.125.",
    ],
    // A limit of 0 refuses every request.
    [
      "gateway-spend-limit-fraction",
      { spendLimits: [{ ...limit, limit: 0.03 }] },
      "fractions of a power of two, such as 0.0625.",
    ],
    [
      "gateway-spend-limit-window",
      { spendLimits: [{ limit: 1, window: 0 }] },
      "spendLimits[0].window: got 0;",
    ],
    [
      "gateway-spend-limit-window",
      { spendLimits: [{ limit: 1, window: "1 day" }] },
      'spendLimits[0].window: got "1 day"; allowed is a duration such as',
    ],
    [
      "gateway-spend-limit-window",
      { spendLimits: [{ limit: 1 }] },
      "spendLimits[0].window: got nothing;",
    ],
    [
      "gateway-spend-limit-technique",
      { spendLimits: [{ ...limit, technique: "leaky" }] },
      'spendLimits[0].technique: got "leaky";',
    ],
    [
      "gateway-spend-limit-filter",
      { spendLimits: [{ ...limit, model: [] }] },
      "spendLimits[0].model: got an empty array;",
    ],
    [
      "gateway-spend-limit-filter",
      { spendLimits: [{ ...limit, metadata: {} }] },
      "spendLimits[0].metadata: got an empty object;",
    ],
    [
      "gateway-spend-limit-filter",
      { spendLimits: [{ ...limit, metadata: { user: "each" } }] },
      'spendLimits[0].metadata.user: got "each"; allowed is "partition"',
    ],
    [
      "gateway-spend-limit-id",
      { spendLimits: [{ ...limit, id: " " }] },
      'spendLimits[0].id: got " ";',
    ],
    [
      "gateway-spend-limit-same-id",
      { spendLimits: [limit, { ...limit, limit: 5 }] },
      "of spendLimits[0]; the two would share one counter.",
    ],
    [
      "gateway-spend-limit-enabled",
      { spendLimits: [{ ...limit, enabled: "no" }] },
      'spendLimits[0].enabled: got "no";',
    ],
    [
      "gateway-store-id",
      { storeId: "no store" },
      'storeId: got "no store"; allowed is the id of a Secrets Store',
    ],
    ...[5, true, [], ["a"], null, {}].map((storeId): (typeof cases)[number] => [
      "gateway-store-id",
      { storeId },
      "storeId: got ",
    ]),
    ["gateway-stripe", { stripe: LITERAL }, "stripe: got a text;"],
    [
      "gateway-stripe",
      { stripe: { authorization: secret, usageEvents: [{ payload: "x" }], events: [] } },
      "stripe.events: there is no such prop;",
    ],
    [
      "gateway-stripe-authorization",
      { stripe: { authorization: LITERAL, usageEvents: [{ payload: "x" }] } },
      "stripe.authorization: got a literal text;",
    ],
    [
      "gateway-stripe-usage-events",
      { stripe: { authorization: secret, usageEvents: [] } },
      "stripe.usageEvents: got none; nothing would be sent.",
    ],
    [
      "gateway-stripe-usage-events",
      { stripe: { authorization: secret, usageEvents: [{ payload: "" }] } },
      'stripe.usageEvents[0]: got "";',
    ],
    [
      "gateway-workers-ai-billing-mode",
      { workersAiBillingMode: "prepaid" },
      'workersAiBillingMode: got "prepaid"; allowed is "postpaid" or "unified".',
    ],
    ["gateway-zdr", { zdr: "yes" }, 'zdr: got "yes"; allowed is true or false.'],
  ];

  test.each(cases)("fail by the rule %s (%#)", (_, props, message) => {
    const problems = validateGatewayProps(props as AiGatewayProps);

    expect(problems).toEqual([expect.stringContaining(message)]);
    const stack = newStack();
    new AiGateway(stack, "gateway", props as AiGatewayProps);
    expect(problemsOf(stack)).toEqual(problems.map((problem) => `[chat/gateway] ${problem}`));
    // What may be a secret is never repeated.
    expect(problems.join()).not.toMatch(/MII/);
  });

  test("have a case for each of their rules", () => {
    const nested = [
      "deletionProtection",
      "byokOnly",
      "dlp",
      "guardrails",
      "logClassification",
      "logpush",
      "logpushPublicKey",
      "otel",
      "spendLimits",
      "storeId",
      "stripe",
      "workersAiBillingMode",
      "zdr",
    ] as const;
    const rules = nested.flatMap((prop) =>
      (gatewayRules[prop] as readonly { readonly name: string }[]).map(({ name }) => name),
    );

    expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual(rules.sort());
    for (const [rule, props, message] of cases) {
      const rows = Object.values(gatewayRules).flat() as readonly {
        readonly name: string;
        readonly check: (props: object) => unknown;
      }[];
      const said = [rows.find(({ name }) => name === rule)?.check(props) ?? []].flat().join("\n");
      expect(`${rule}: ${said}`).toContain(message);
    }
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
