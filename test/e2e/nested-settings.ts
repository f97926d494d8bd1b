import { generateKeyPairSync } from "node:crypto";
import { expect } from "@jest/globals";
import type { AiGatewayProps } from "../../lib/index.js";

const pem = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).publicKey;
export const firstKey = pem();
const secondKey = pem();

interface Setting {
  readonly key: string;
  readonly first: AiGatewayProps;
  readonly second: AiGatewayProps;
  /** What the API has after the second one. */
  readonly kept: unknown;
}

/** Settings without secrets. All of them are on at once, each is judged alone. */
export const nestedSettings: readonly Setting[] = [
  {
    key: "byok_only",
    first: { byokOnly: true },
    second: { byokOnly: false },
    kept: false,
  },
  {
    key: "dlp",
    first: { dlp: { action: "FLAG", profiles: ["p1"] } },
    second: { dlp: { policies: [{ id: "a", action: "BLOCK", profiles: ["p1", "p2"] }] } },
    kept: {
      enabled: true,
      policies: [
        {
          id: "a",
          enabled: true,
          action: "BLOCK",
          check: ["REQUEST", "RESPONSE"],
          profiles: ["p1", "p2"],
        },
      ],
    },
  },
  {
    key: "guardrails",
    first: { guardrails: { prompt: { violentCrimes: "BLOCK" } } },
    second: { guardrails: { prompt: { violentCrimes: "FLAG" }, response: { hate: "BLOCK" } } },
    kept: { prompt: { S1: "FLAG" }, response: { S10: "BLOCK" } },
  },
  {
    key: "log_classification",
    first: { logClassification: true },
    second: { logClassification: false },
    kept: false,
  },
  {
    key: "logpush_public_key",
    first: { logpush: true, logpushPublicKey: firstKey },
    second: { logpush: true, logpushPublicKey: secondKey },
    kept: secondKey,
  },
  {
    key: "spend_limits",
    first: { spendLimits: [{ limit: 10, window: "1d", metadata: { user: "partition" } }] },
    second: {
      spendLimits: [
        { limit: 12.5, window: "1d", metadata: { user: "partition" } },
        { id: "all", limit: 100, window: 3_600, technique: "fixed", provider: ["openai"] },
      ],
    },
    kept: {
      enabled: true,
      rules: [
        {
          id: expect.stringMatching(/^[0-9a-f]{8}$/),
          enabled: true,
          limit: 12.5,
          limitType: "cost",
          window: 86_400,
          technique: "sliding",
          metadata: { user: { mode: "partition" } },
        },
        {
          id: "all",
          enabled: true,
          limit: 100,
          limitType: "cost",
          window: 3_600,
          technique: "fixed",
          provider: { mode: "filter", values: ["openai"] },
        },
      ],
    },
  },
  {
    key: "store_id",
    first: { storeId: "a".repeat(32) },
    second: { storeId: "b".repeat(32) },
    kept: "b".repeat(32),
  },
  {
    key: "workers_ai_billing_mode",
    first: { workersAiBillingMode: "unified" },
    second: { workersAiBillingMode: "postpaid" },
    kept: "postpaid",
  },
  { key: "zdr", first: { zdr: true }, second: { zdr: false }, kept: false },
];

export const allNested = (which: "first" | "second"): AiGatewayProps =>
  Object.assign({}, ...nestedSettings.map((setting) => setting[which]));
