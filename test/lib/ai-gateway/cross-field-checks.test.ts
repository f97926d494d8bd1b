import { expect, test } from "@jest/globals";
import { AiGateway, type AiGatewayProps, SecretVariable } from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";

/**
 * What two settings say together, or one says that never does what it seems to: each message whole, with the
 * construct's path, what was got, why that is wrong, and what is allowed instead.
 */
const cases: readonly (readonly [
  props: AiGatewayProps | ((secret: SecretVariable) => AiGatewayProps),
  message: string,
])[] = [
  [
    { dlp: { action: "FLAG", profiles: [] } },
    "dlp.profiles: got none; nothing would be looked for. Name the ids of DLP profiles, at least one.",
  ],
  [
    { dlp: { policies: [{ action: "BLOCK", profiles: [] }] } },
    "dlp.policies[0].profiles: got none; nothing would be looked for. Name the ids of DLP profiles, at least one.",
  ],
  [
    { spendLimits: [{ limit: 0.1, window: "1d" }] },
    "spendLimits[0].limit: got 0.1, which is never read back as the same number, so that every plan would show a change; allowed are whole numbers and fractions of a power of two, such as 0.0625 or 0.125.",
  ],
  [
    { spendLimits: [{ limit: 12.3, window: "1d" }] },
    "spendLimits[0].limit: got 12.3, which is never read back as the same number, so that every plan would show a change; allowed are whole numbers and fractions of a power of two, such as 12.25 or 12.3125.",
  ],
  [
    (authorization) => ({ stripe: { authorization, usageEvents: [] } }),
    'stripe.usageEvents: got none; nothing would be sent. Write one at least, such as [{ payload: "…" }], or remove stripe.',
  ],
  [
    { logClassification: true, collectLogs: false },
    "logClassification: got true with collectLogs false; there are no logs to classify. Remove logClassification, or collectLogs: false.",
  ],
  [
    { retryMaxAttempts: 2, retryDelay: -1 },
    "retryDelay: got -1; allowed is a whole number of milliseconds, 0 to 60,000.",
  ],
  [
    { retryMaxAttempts: 2, retryDelay: 60_001 },
    "retryDelay: got 60001; allowed is a whole number of milliseconds, 0 to 60,000.",
  ],
  [
    { retryMaxAttempts: 2, retryDelay: 0.5 },
    "retryDelay: got 0.5; allowed is a whole number of milliseconds, 0 to 60,000.",
  ],
  [
    { retryDelay: 100 },
    "retryDelay: got 100 without retryMaxAttempts; nothing would be sent again. Set retryMaxAttempts (1 to 5), or remove retryDelay.",
  ],
  [
    { logpush: true },
    "logpush: got true without logpushPublicKey; logs are encrypted for it before they leave. Set logpushPublicKey, or remove logpush.",
  ],
  [
    { byokOnly: true },
    "byokOnly: got true without storeId; the keys that requests then need are kept in a Secrets Store. Set storeId, or remove byokOnly.",
  ],
  [
    { byokOnly: true, storeId: "" },
    "byokOnly: got true without storeId; the keys that requests then need are kept in a Secrets Store. Set storeId, or remove byokOnly.",
  ],
];

test.each(cases)("%j is refused in full words", (props, message) => {
  const stack = newStack();
  const secret = new SecretVariable(stack, "secret");
  new AiGateway(stack, "gateway", typeof props === "function" ? props(secret) : props);

  expect(problemsOf(stack)).toEqual([`[chat/gateway] ${message}`]);
});

test.each<AiGatewayProps>([
  { retryMaxAttempts: 2, retryDelay: 0 },
  { retryMaxAttempts: 2, retryDelay: 60_000 },
  { spendLimits: [{ limit: 0.5, window: "1d" }] },
])("%j is allowed", (props) => {
  const stack = newStack();
  new AiGateway(stack, "gateway", props);

  expect(problemsOf(stack)).toEqual([]);
});

test("guardrails, which stop streaming, are a warning at the construct", () => {
  const stack = newStack();
  const gateway = new AiGateway(stack, "gateway", {
    guardrails: { response: { hate: "FLAG" } },
  });

  expect(problemsOf(stack)).toEqual([]);
  expect(
    gateway.node.metadata.map(({ type, data }) => `${type} [${gateway.node.path}] ${data}`),
  ).toEqual([
    "@cdktf/warn [chat/gateway] guardrails are on: the gateway reads each answer as a whole, so a request with stream: true is answered in one piece. Remove guardrails where answers must stream.",
  ]);
});
