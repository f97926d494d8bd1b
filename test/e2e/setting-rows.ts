import { generateKeyPairSync } from "node:crypto";
import type { AiGatewayProps, SecretVariable } from "../../lib/index.js";
import type { DlpPolicySetting, DlpSetting } from "../../protocol/gateway-dlp.js";
import type { OtelSetting, StripeSetting } from "../../protocol/gateway-exports.js";
import { type GuardrailAction, guardrailCategories } from "../../protocol/gateway-guardrails.js";
import type { GatewaySettings } from "../../protocol/gateway-settings.js";
import type { SpendLimitRule } from "../../protocol/gateway-spend-limits.js";
import { canary } from "../secrets/canary.js";

/** What is declared for a setting, and what the API then has. */
export interface Value {
  readonly prop: unknown;
  readonly kept: unknown;
}

/** What a setting is taken through. */
export interface SettingRow {
  readonly first: Value;
  /** Another one of the same. @default the first: what goes with it allows no other */
  readonly second?: Value;
  /** What somebody puts there while the second is declared. @default what the first one has there */
  readonly drift?: unknown;
}

type PropOf<Key extends string> = Key extends `${infer Word}_${infer Rest}`
  ? `${Word}${Capitalize<PropOf<Rest>>}`
  : Key;
type DeclaredAs<Key extends string> =
  PropOf<Key> extends keyof AiGatewayProps
    ? Exclude<AiGatewayProps[PropOf<Key>], undefined>
    : never;
interface RowOf<Key extends keyof GatewaySettings> extends SettingRow {
  readonly first: ValueOf<Key>;
  readonly second?: ValueOf<Key>;
  readonly drift?: GatewaySettings[Key];
}
interface ValueOf<Key extends keyof GatewaySettings> {
  readonly prop: DeclaredAs<Key> | ((secret: SecretVariable) => DeclaredAs<Key>);
  readonly kept: GatewaySettings[Key];
}

/** The value of the one secret that rows declare. */
export const ROW_SECRET = canary("the secret of a setting's row");

const as = <Kept>(value: Kept) => ({ prop: value, kept: value });
const on = { first: as(true), second: as(false) } as const;
const key = () =>
  generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    type: "spki",
    format: "pem",
  }) as string;

const guarded = (prompt: GuardrailAction, response: GuardrailAction) => {
  const all = (names: readonly string[], action: GuardrailAction) =>
    Object.fromEntries(names.map((name) => [name, action]));
  const [names, keys] = [Object.keys(guardrailCategories), Object.values(guardrailCategories)];
  return {
    prop: { prompt: all(names, prompt), response: all(names, response) },
    kept: { prompt: all(keys, prompt), response: all(keys, response) },
  };
};

const exporter = (path: string, contentType: OtelSetting["content_type"] = "json") => ({
  prop: { url: `https://otel.example.com/${path}`, contentType },
  kept: { url: `https://otel.example.com/${path}`, headers: {}, content_type: contentType },
});
const exporters = (...all: readonly ReturnType<typeof exporter>[]) => ({
  prop: all.map(({ prop }) => prop),
  kept: all.map(({ kept }) => kept),
});

const usage = (payload: string) => ({
  prop: (secret: SecretVariable) => ({ authorization: secret, usageEvents: [{ payload }] }),
  kept: { authorization: ROW_SECRET, usage_events: [{ payload }] } satisfies StripeSetting,
});

const profiled = (action: GuardrailAction, ...profiles: string[]) => ({
  prop: { action, profiles },
  kept: { enabled: true, action, profiles } satisfies DlpSetting,
});
const policy: DlpPolicySetting = {
  id: "a",
  enabled: true,
  action: "FLAG",
  check: ["REQUEST", "RESPONSE"],
  profiles: ["p1"],
};
const policed = (...policies: readonly DlpPolicySetting[]) => ({
  prop: { policies },
  kept: { enabled: true, policies },
});

const budget: SpendLimitRule = {
  id: "a",
  enabled: true,
  limit: 10,
  limitType: "cost",
  window: 60,
  technique: "sliding",
};
const budgets = (...rules: readonly SpendLimitRule[]) => ({
  prop: rules.map(({ limitType, metadata, model, provider, ...same }) => ({
    ...same,
    ...(metadata && {
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([name, by]) => [
          name,
          by.mode === "partition" ? ("partition" as const) : by.values,
        ]),
      ),
    }),
    ...(model && { model: model.values }),
    ...(provider && { provider: provider.values }),
  })),
  kept: { enabled: true, rules },
});
const only = (...values: string[]) => ({ mode: "filter", values }) as const;

/** Each setting once. One that is new and has no row does not compile. */
export const settingRows: { readonly [Key in keyof GatewaySettings]: RowOf<Key> } = {
  cache_ttl: { first: as(60), second: as(300) },
  cache_invalidate_on_update: on,
  collect_logs: { first: as(false), second: as(true) },
  rate_limiting_interval: { first: as(60), second: as(120) },
  rate_limiting_limit: { first: as(10), second: as(20) },
  rate_limiting_technique: { first: as("sliding"), second: as("fixed") },
  authentication: on,
  log_management: { first: as(20_000), second: as(30_000) },
  log_management_strategy: { first: as("DELETE_OLDEST"), second: as("STOP_INSERTING") },
  retry_max_attempts: { first: as(2), second: as(3) },
  retry_delay: { first: as(500), second: as(0) },
  retry_backoff: { first: as("linear"), second: as("exponential") },
  byok_only: on,
  dlp: {
    first: profiled("FLAG", "p1"),
    second: policed(policy),
  },
  guardrails: { first: guarded("FLAG", "BLOCK"), second: guarded("BLOCK", "FLAG") },
  log_classification: on,
  // Its key cannot stay where it goes.
  logpush: { first: as(true), drift: false },
  logpush_public_key: { first: as(key()), second: as(key()) },
  otel: {
    first: exporters(exporter("1")),
    second: exporters(exporter("1"), exporter("2", "protobuf")),
    drift: exporters(exporter("1"), exporter("2", "protobuf"), exporter("3")).kept,
  },
  spend_limits: {
    first: budgets(budget),
    second: budgets(budget, { ...budget, id: "b", limit: 12.5 }),
    drift: { enabled: false, rules: [budget, { ...budget, id: "b", limit: 12.5 }] },
  },
  store_id: { first: as("a".repeat(32)), second: as("b".repeat(32)) },
  stripe: { first: usage("{}"), second: usage('{"event_name":"tokens"}') },
  workers_ai_billing_mode: { first: as("unified"), second: as("postpaid") },
  zdr: on,
};

/** Each field of a part, before and after; a field without a row does not compile. */
type Fields<Part> = {
  readonly [Field in keyof Part]-?: readonly [Part[Field], Part[Field]];
};

const policyFields: Fields<DlpPolicySetting> = {
  id: ["id", "another id"],
  enabled: [true, false],
  action: ["FLAG", "BLOCK"],
  check: [["REQUEST", "RESPONSE"], ["REQUEST"]],
  profiles: [["p1"], ["p1", "p2"]],
};

const ruleFields: Fields<Omit<SpendLimitRule, "limitType">> = {
  id: ["id", "another id"],
  enabled: [true, false],
  limit: [10, 0.5],
  window: [60, 3_600],
  technique: ["sliding", "fixed"],
  metadata: [{ user: { mode: "partition" } }, { user: only("a"), plan: only("free", "trial") }],
  model: [only("m1"), only("m1", "m2")],
  provider: [only("openai"), only("grok")],
};

/** A part for each field, in which nothing but that field changes. */
const partsWith = <Part extends { readonly id: string }>(
  part: Part,
  fields: Readonly<Record<string, readonly [unknown, unknown]>>,
  which: 0 | 1,
): readonly Part[] =>
  Object.entries(fields).map(([field, values]) => ({
    ...part,
    id: `of-${field}`,
    [field]: values[which],
  }));

type Rows = { readonly [Key in keyof GatewaySettings]?: RowOf<Key> };

/** Each field of the settings that have several. */
export const fieldRows: Rows = {
  dlp: {
    first: policed(...partsWith(policy, policyFields, 0)),
    second: policed(...partsWith(policy, policyFields, 1)),
  },
  // A category comes, and another one goes.
  guardrails: {
    first: {
      prop: { prompt: { hate: "BLOCK", privacy: "FLAG" } },
      kept: { prompt: { S10: "BLOCK", S7: "FLAG" }, response: {} },
    },
    second: {
      prop: { prompt: { hate: "BLOCK" }, response: { elections: "FLAG" } },
      kept: { prompt: { S10: "BLOCK" }, response: { S13: "FLAG" } },
    },
  },
  otel: {
    first: exporters(exporter("1"), exporter("2")),
    second: exporters(exporter("other"), exporter("2", "protobuf")),
  },
  spend_limits: {
    first: budgets(...partsWith(budget, ruleFields, 0)),
    second: budgets(...partsWith(budget, ruleFields, 1)),
  },
};

/** The other form of `dlp`, and its fields. */
export const profileRows: Rows = {
  dlp: {
    first: profiled("FLAG", "p1"),
    second: profiled("BLOCK", "p1", "p2"),
    drift: { enabled: false, action: "FLAG", profiles: ["p1"] },
  },
};
