import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { aiGatewaySchema } from "../../emulator/terraform/cloudflare/ai-gateway-resource-schema.js";
import { renderSchemaJson } from "../../emulator/terraform/core/schema-json.js";
import {
  nativeSettings,
  renderNativeSettings,
} from "../../lib/ai-gateway/native/native-settings.js";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import { canary } from "../secrets/canary.js";
import { type AttributeSchemas, violations } from "./native-conformance.js";

const { cloudflare_ai_gateway: real } = JSON.parse(
  readFileSync(join(__dirname, "schemas", "cloudflare-ai-gateway.json"), "utf8"),
).provider_schemas["registry.terraform.io/cloudflare/cloudflare"].resource_schemas;
const attributes: AttributeSchemas = real.block.attributes;

/** Every setting with something in it, at every depth. */
const everything: GatewaySettings = {
  cache_ttl: 60,
  cache_invalidate_on_update: true,
  collect_logs: true,
  rate_limiting_interval: 60,
  rate_limiting_limit: 10,
  rate_limiting_technique: "sliding",
  authentication: true,
  log_management: 20_000,
  log_management_strategy: "DELETE_OLDEST",
  retry_max_attempts: 3,
  retry_delay: 500,
  retry_backoff: "linear",
  byok_only: true,
  dlp: {
    enabled: true,
    policies: [{ id: "one", enabled: true, action: "BLOCK", check: ["REQUEST"], profiles: ["p"] }],
  },
  guardrails: { prompt: { S1: "BLOCK", P1: "FLAG" }, response: { S13: "FLAG" } },
  log_classification: true,
  logpush: true,
  logpush_public_key: "key",
  otel: [
    {
      url: "https://otel.example",
      headers: { team: canary("the value of an otel header") },
      content_type: "protobuf",
    },
  ],
  spend_limits: {
    enabled: true,
    rules: [
      {
        id: "monthly",
        enabled: true,
        limit: 100,
        limitType: "cost",
        window: 2_592_000,
        technique: "fixed",
        metadata: { team: { mode: "partition" }, tier: { mode: "filter", values: ["free"] } },
        model: { mode: "filter", values: ["openai/gpt-5"] },
        provider: { mode: "filter", values: ["openai"] },
      },
    ],
  },
  store_id: "store",
  stripe: { authorization: canary("stripe authorization"), usage_events: [{ payload: "{}" }] },
  workers_ai_billing_mode: "postpaid",
  zdr: true,
};

const block = (settings: GatewaySettings) => ({
  account_id: "account",
  id: "native",
  ...renderNativeSettings(settings),
});

describe("cloudflare_ai_gateway", () => {
  test("is embedded with the real one's schema", () => {
    expect(renderSchemaJson(aiGatewaySchema)).toEqual(real);
  });

  test.each([
    ["every setting", everything],
    ["no setting", gatewayDefaults],
    [
      "the other form of dlp",
      { ...everything, dlp: { enabled: true, action: "FLAG", profiles: ["p"] } },
    ],
  ] as const)("takes what is rendered of %s", (_, settings) => {
    expect(violations(attributes, block(settings))).toEqual([]);
  });

  test("is given every setting that it has an attribute for, and nothing else", () => {
    const settable = Object.keys(attributes).filter(
      (name) => attributes[name]?.required || attributes[name]?.optional,
    );
    const withoutAttribute = Object.keys(nativeSettings).filter(
      (key) => nativeSettings[key as keyof GatewaySettings] === undefined,
    );

    expect(Object.keys(nativeSettings).sort()).toEqual(Object.keys(gatewayDefaults).sort());
    expect(Object.keys(block(everything)).sort()).toEqual(
      settable.filter((name) => name !== "stripe").sort(),
    );
    expect(withoutAttribute).toEqual(["byok_only", "log_classification", "stripe"]);
  });

  test("fails when something is rendered that the schema does not have", () => {
    const faults = { ...block(everything), cache_ttl: "60", byok_only: true, otel: {}, zdr: null };

    expect(violations(attributes, faults)).toEqual([
      "byok_only: no attribute that a configuration may set",
      "cache_ttl: no number",
      "otel: no list",
    ]);
  });
});
