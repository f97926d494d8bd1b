import type { ObjectValue } from "../core/cty-value.js";
import type { Diagnostics } from "../core/diagnostics.js";
import { ExactDecimal, isJsonObject, type Json, type JsonObject } from "../core/exact-json.js";
import type { ResourceDefinition } from "../core/provider-definition.js";
import { aiGatewaySchema } from "./ai-gateway-resource-schema.js";
import type { CloudflareClient } from "./cloudflare-client.js";
import { crudResource } from "./crud-resource.js";
import { accountPath } from "./resource-path.js";

/** Bounds the real provider checks before it asks the API; narrower than the API's for `retry_delay`. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  cache_ttl: [0, Number.POSITIVE_INFINITY],
  rate_limiting_interval: [0, Number.POSITIVE_INFINITY],
  rate_limiting_limit: [0, Number.POSITIVE_INFINITY],
  log_management: [10_000, 10_000_000],
  retry_delay: [0, 5_000],
  retry_max_attempts: [1, 5],
};

/** `cloudflare_ai_gateway`. The attributes are the body but for three kinds of names. */
export const aiGateway: ResourceDefinition<CloudflareClient> = {
  ...crudResource({
    schema: aiGatewaySchema,
    title: "AI Gateway",
    inPath: ["account_id"],
    times: ["created_at", "modified_at"],
    createMethod: "POST",
    collection: accountPath("ai-gateway", "gateways"),
    item: accountPath("ai-gateway", "gateways", "{id}"),
    encode: (body) => renamed(body, toApi),
    decode: (answer) => renamed(answer, fromApi),
    importId: ["account_id", "id"],
  }),

  validate(config, { diagnostics }) {
    checkBounds(config, diagnostics);
  },
};

interface Renaming {
  readonly category: (name: string) => string;
  readonly rule: Readonly<Record<string, string>>;
}

const toApi: Renaming = {
  category: (name) => name.toUpperCase(),
  rule: { limit_type: "limitType", ai_gateway_provider: "provider" },
};

const fromApi: Renaming = {
  category: (name) => name.toLowerCase(),
  rule: { limitType: "limit_type", provider: "ai_gateway_provider" },
};

function renamed(gateway: JsonObject, { category, rule }: Renaming): JsonObject {
  const { guardrails, spend_limits } = gateway;
  return {
    ...gateway,
    ...(isJsonObject(guardrails) && {
      guardrails: mapValues(guardrails, (side) => renameKeys(side, category)),
    }),
    ...(isJsonObject(spend_limits) &&
      Array.isArray(spend_limits.rules) && {
        spend_limits: {
          ...spend_limits,
          rules: spend_limits.rules.map((one) => renameKeys(one, (name) => rule[name] ?? name)),
        },
      }),
  };
}

const mapValues = (object: JsonObject, map: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));

const renameKeys = (json: Json, rename: (name: string) => string): Json =>
  isJsonObject(json)
    ? Object.fromEntries(Object.entries(json).map(([name, value]) => [rename(name), value]))
    : json;

function checkBounds(config: ObjectValue, diagnostics: Diagnostics): void {
  for (const [name, [min, max]] of Object.entries(bounds)) {
    const value = config[name] ?? null;
    const number = value instanceof ExactDecimal ? Number(value.digits) : value;
    if (typeof number !== "number" || (number >= min && number <= max)) continue;
    const allowed = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
    diagnostics.error(`Invalid value of ${name}`, `Got ${number}; allowed is ${allowed}.`, name);
  }
}
