import {
  type Attributes,
  bool,
  nested,
  number,
  type Schema,
  string,
  stringList,
  stringMap,
} from "../core/schema.js";

const guardrailActions = { oneOf: ["FLAG", "BLOCK"], anyCase: true } as const;

/** The API's upper-case names of what guardrails look for, in the provider's lower case. */
const guardrailCategories = ["p1", ...Array.from({ length: 13 }, (_, index) => `s${index + 1}`)];

const guardrails = (): Attributes =>
  Object.fromEntries(
    guardrailCategories.map((name) => [name, string("optional", guardrailActions)]),
  );

const filter = (): Attributes => ({
  mode: string("required", { oneOf: ["filter"], anyCase: true }),
  values: stringList("required"),
});

/**
 * The id the real provider gives to every spend rule without one: two such rules are one to the API.
 * It is made anew with each version (5.20 and 5.21 say "0a366eef").
 */
export const DEFAULT_RULE_ID = "6fb25042";

/** `cloudflare_ai_gateway` of cloudflare/cloudflare 5.22.0; 5.19 brought it, 5.20 guardrails and spend limits. */
export const aiGatewaySchema: Schema = {
  version: 500,
  attributes: {
    id: string("required", { forcesReplacement: true }),
    account_id: string("required", { forcesReplacement: true }),
    cache_invalidate_on_update: bool("required"),
    cache_ttl: number("required"),
    collect_logs: bool("required"),
    rate_limiting_interval: number("required"),
    rate_limiting_limit: number("required"),
    // Not computed: what the API answers for a setting that is not written is a change in every plan.
    authentication: bool("optional"),
    log_management: number("optional"),
    log_management_strategy: string("optional", {
      oneOf: ["STOP_INSERTING", "DELETE_OLDEST"],
      anyCase: true,
    }),
    logpush: bool("optional"),
    logpush_public_key: string("optional"),
    rate_limiting_technique: string("optional", { oneOf: ["fixed", "sliding"], anyCase: true }),
    retry_backoff: string("optional", {
      oneOf: ["constant", "linear", "exponential"],
      anyCase: true,
    }),
    retry_delay: number("optional"),
    retry_max_attempts: number("optional"),
    store_id: string("optional"),
    zdr: bool("optional"),
    dlp: nested("single", "optional", {
      action: string("optional", { oneOf: ["BLOCK", "FLAG"], anyCase: true }),
      enabled: bool("required"),
      profiles: stringList("optional"),
      policies: nested("list", "optional", {
        id: string("required"),
        action: string("required", { oneOf: ["FLAG", "BLOCK"], anyCase: true }),
        check: stringList("required", { oneOf: ["REQUEST", "RESPONSE"], anyCase: true }),
        enabled: bool("required"),
        profiles: stringList("required"),
      }),
    }),
    guardrails: nested("single", "optional", {
      prompt: nested("single", "required", guardrails()),
      response: nested("single", "required", guardrails()),
    }),
    stripe: nested("single", "optional", {
      authorization: string("required"),
      usage_events: nested("list", "required", { payload: string("required") }),
    }),
    workers_ai_billing_mode: string("optional+computed", {
      default: "postpaid",
      oneOf: ["postpaid"],
      anyCase: true,
    }),
    // Computed and without a default: a plan keeps what is there where the configuration says nothing.
    otel: nested("list", "optional+computed", {
      headers: stringMap("required"),
      url: string("required"),
      authorization: string("optional"),
      content_type: string("optional+computed", {
        default: "json",
        oneOf: ["json", "protobuf"],
        anyCase: true,
      }),
    }),
    spend_limits: nested("single", "optional+computed", {
      enabled: bool("optional+computed", { default: false }),
      rules: nested("list", "optional+computed", {
        limit: number("required"),
        limit_type: string("required", { oneOf: ["cost"], anyCase: true }),
        window: number("required"),
        id: string("optional+computed", { default: DEFAULT_RULE_ID }),
        enabled: bool("optional+computed", { default: true }),
        metadata: nested("map", "optional", {
          mode: string("required", { oneOf: ["partition", "filter"], anyCase: true }),
          values: stringList("optional"),
        }),
        model: nested("single", "optional", filter()),
        ai_gateway_provider: nested("single", "optional", filter()),
        technique: string("optional+computed", {
          default: "sliding",
          oneOf: ["fixed", "sliding"],
          anyCase: true,
        }),
      }),
    }),
    created_at: string("computed"),
    is_default: bool("computed"),
    modified_at: string("computed"),
  },
};
