import { describe, expect, test } from "@jest/globals";
import fc, { type Arbitrary } from "fast-check";
import { renderGatewayBody } from "../../../lib/ai-gateway/ai-gateway-body.js";
import { renderDlp } from "../../../lib/ai-gateway/settings/dlp.js";
import { renderSpendLimits } from "../../../lib/ai-gateway/settings/spend-limits.js";
import { renderCode } from "../../../lib/import/code.js";
import { gatewayPropsOf, readGatewayProps } from "../../../lib/import/gateway-props.js";
import { judgeGateway, sorted } from "../../../lib/import/judge-gateway.js";
import { Secrets } from "../../../lib/import/secrets.js";
import type { AiGatewayProps } from "../../../lib/index.js";
import { dlpActions, dlpChecks } from "../../../protocol/gateway-dlp.js";
import { guardrailActions, guardrailCategories } from "../../../protocol/gateway-guardrails.js";
import {
  type GatewaySettings,
  gatewayDefaults,
  logManagementStrategies,
  rateLimitingTechniques,
  retryBackoffs,
  workersAiBillingModes,
} from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";
import { evaluate } from "./evaluate.js";

const SECRET = canary("a secret of a gateway");

const word = fc.stringMatching(/^[a-z][a-z0-9${}'"-]{0,11}$/);
const words = fc.array(word, { minLength: 1, maxLength: 3 });
const filter = fc.record({
  mode: fc.constant("filter" as const),
  values: words,
});
const actions = fc.dictionary(
  fc.constantFrom(...Object.values(guardrailCategories)),
  fc.constantFrom(...guardrailActions),
  { minKeys: 1 },
);

/** What the API may answer for each setting: one that is new does not compile until it is here. */
const settings: {
  readonly [Key in keyof GatewaySettings]: Arbitrary<GatewaySettings[Key]>;
} = {
  cache_ttl: fc.nat(),
  cache_invalidate_on_update: fc.boolean(),
  collect_logs: fc.boolean(),
  rate_limiting_interval: fc.nat(),
  rate_limiting_limit: fc.nat(),
  rate_limiting_technique: fc.constantFrom(...rateLimitingTechniques),
  authentication: fc.boolean(),
  log_management: fc.integer({ min: 10_000, max: 10_000_000 }),
  log_management_strategy: fc.constantFrom(...logManagementStrategies),
  retry_max_attempts: fc.option(fc.integer({ min: 1, max: 5 })),
  retry_delay: fc.option(fc.integer({ min: 0, max: 60_000 })),
  retry_backoff: fc.option(fc.constantFrom(...retryBackoffs)),
  byok_only: fc.boolean(),
  dlp: fc.oneof(
    fc.constant(gatewayDefaults.dlp),
    fc.record({
      enabled: fc.constant(true),
      action: fc.constantFrom(...dlpActions),
      profiles: words,
    }),
    fc.record({
      enabled: fc.constant(true),
      policies: fc.array(
        fc.record({
          id: word,
          enabled: fc.boolean(),
          action: fc.constantFrom(...dlpActions),
          check: fc.uniqueArray(fc.constantFrom(...dlpChecks), {
            minLength: 1,
          }),
          profiles: words,
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  ),
  guardrails: fc.option(
    fc.oneof(
      fc.record({ prompt: actions, response: fc.constant({}) }),
      fc.record({ prompt: fc.constant({}), response: actions }),
      fc.record({ prompt: actions, response: actions }),
    ),
  ),
  log_classification: fc.boolean(),
  logpush: fc.boolean(),
  logpush_public_key: fc.option(word),
  otel: fc.option(
    fc.array(
      fc.record(
        {
          url: word.map((path) => `https://otel.example.com/${path}`),
          headers: fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.constant(SECRET)),
          authorization: fc.constant(SECRET),
          content_type: fc.constantFrom("json" as const, "protobuf" as const),
        },
        { requiredKeys: ["url", "headers", "content_type"] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  ),
  spend_limits: fc.option(
    fc.record({
      enabled: fc.constant(true),
      rules: fc.array(
        fc.record(
          {
            id: word,
            enabled: fc.boolean(),
            limit: fc.double({ min: 0, max: 1_000, noNaN: true }),
            limitType: fc.constant("cost" as const),
            window: fc.oneof(
              fc.constantFrom(1, 60, 90, 3_600, 86_400, 604_800),
              fc.integer({ min: 1 }),
            ),
            technique: fc.constantFrom("fixed" as const, "sliding" as const),
            metadata: fc.dictionary(
              word,
              fc.oneof(filter, fc.constant({ mode: "partition" as const })),
              { minKeys: 1, maxKeys: 3 },
            ),
            model: filter,
            provider: filter,
          },
          {
            requiredKeys: ["id", "enabled", "limit", "limitType", "window", "technique"],
          },
        ),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  ),
  store_id: fc.constantFrom("", "8ab1"),
  stripe: fc.option(
    fc.record({
      authorization: fc.constant(SECRET),
      usage_events: fc.array(
        word.map((payload) => ({ payload })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  ),
  workers_ai_billing_mode: fc.constantFrom(...workersAiBillingModes),
  zdr: fc.boolean(),
};

/** The props that the code declares, as a stack has them. */
function declared(answered: object): {
  props: AiGatewayProps;
  code: string;
  secrets: Secrets;
} {
  const secrets = new Secrets();
  const code = renderCode(readGatewayProps(answered as Record<string, unknown>, secrets));
  return { props: evaluate(code) as AiGatewayProps, code, secrets };
}

describe("the props of a gateway that exists", () => {
  test("know a way back for every setting", () => {
    expect(Object.keys(gatewayPropsOf).sort()).toEqual(Object.keys(gatewayDefaults).sort());
  });

  test.each(Object.keys(settings) as (keyof GatewaySettings)[])(
    "declare %s as the API has it",
    (key) => {
      fc.assert(
        fc.property(settings[key] as Arbitrary<unknown>, (value) => {
          const answered = { id: "chat", ...gatewayDefaults, [key]: value };
          expectSame(answered);
        }),
        { numRuns: 100 },
      );
    },
  );

  test("declare all settings together as the API has them", () => {
    fc.assert(
      fc.property(fc.record(settings), (values) => expectSame({ id: "chat", ...values })),
      { numRuns: 200 },
    );
  });

  const expectSame = (generated: { id: string } & GatewaySettings) => {
    const answered = JSON.parse(JSON.stringify(generated)) as typeof generated;
    const { props, code } = declared(answered);
    const { otel, stripe, ...shown } = answered;
    const body = renderGatewayBody("chat", props);
    expect(asSent(body)).toMatchObject(JSON.parse(JSON.stringify(shown)));
    expect(
      props.otel?.map(({ headers = {}, authorization, ...rest }) => ({
        ...rest,
        headers: Object.keys(headers),
        authorized: authorization !== undefined,
      })),
    ).toEqual(
      otel?.map(({ url, content_type, headers, authorization }) => ({
        url,
        ...(content_type === "json" ? {} : { contentType: content_type }),
        headers: Object.keys(headers),
        authorized: authorization !== undefined,
      })),
    );
    expect(props.stripe?.usageEvents).toEqual(stripe?.usage_events);
    expect(code).not.toContain(SECRET);
    const notes = judgeGateway(
      answered as never,
      readGatewayProps(answered as never, new Secrets()),
    );
    expect(notes.filter((note) => !note.startsWith("synth refuses it"))).toEqual([]);
  };

  test("are none where nobody configured it, whether the API says so or leaves it out", () => {
    expect(declared(gatewayDefaults).code).toBe("{}");
    expect(declared({ otel: [], spend_limits: { enabled: true, rules: [] } }).code).toBe("{}");
  });

  test("are in the words of a person", () => {
    const { code, secrets } = declared({
      cache_ttl: 60,
      dlp: renderDlp({ policies: [{ action: "FLAG", check: ["REQUEST"], profiles: ["p"] }] }),
      guardrails: { prompt: { S1: "BLOCK", P1: "FLAG" }, response: {} },
      spend_limits: {
        enabled: true,
        rules: [
          ...(renderSpendLimits([{ limit: 5, window: "7d" }])?.rules ?? []),
          {
            id: "b",
            enabled: true,
            limit: 5,
            limitType: "cost",
            window: 90,
            technique: "fixed",
          },
        ],
      },
      otel: [
        {
          url: "https://o.example.com",
          headers: { "X-Key": SECRET },
          authorization: SECRET,
        },
      ],
    });

    expect(code).toMatchInlineSnapshot(`
      "{
        cacheTtl: 60,
        dlp: { policies: [{ action: "FLAG", check: ["REQUEST"], profiles: ["p"] }] },
        guardrails: { prompt: { violentCrimes: "BLOCK", promptInjection: "FLAG" } },
        otel: [
          {
            url: "https://o.example.com",
            headers: { "X-Key": new SecretVariable(stack, "otel_x_key") },
            authorization: new SecretVariable(stack, "otel_authorization"),
          },
        ],
        spendLimits: [
          { limit: 5, window: "7d" },
          { id: "b", limit: 5, window: "90s", technique: "fixed" },
        ],
      }"
    `);
    expect([...secrets.declared]).toEqual([
      ["otel_x_key", "the header X-Key of otel[0]"],
      ["otel_authorization", "the header authorization of otel[0]"],
    ]);
  });
});

describe("what a reader of the code is told", () => {
  const notes = (answered: object) =>
    judgeGateway(
      { id: "chat", ...gatewayDefaults, ...answered },
      readGatewayProps({ ...gatewayDefaults, ...answered }, new Secrets()),
    );

  test.each<[string, object, string]>([
    ["a setting of a newer API", { new_setting: true }, "new_setting is true: this version"],
    ["a text of a newer API, which may be a secret", { hook: SECRET }, "hook is a text: this"],
    [
      "a part of a setting that is newer",
      {
        otel: [
          {
            url: "https://o.example.com",
            headers: {},
            content_type: "json",
            sampling: 5,
          },
        ],
      },
      "otel.sampling is 5: this version",
    ],
    [
      "a category that is newer",
      { guardrails: { prompt: { S99: "BLOCK" }, response: {} } },
      'guardrails: is {"prompt":{"S99":"BLOCK"},"response":{}}, which no prop can say; a deploy makes it null.',
    ],
    [
      "data loss prevention that is off and set up",
      { dlp: { enabled: false, action: "BLOCK", profiles: ["p"] } },
      'a deploy makes it {"action":"FLAG","enabled":false,"profiles":[]}.',
    ],
    [
      "spend limits that are off at once",
      {
        spend_limits: {
          enabled: false,
          rules: [{ id: "a", enabled: true, limit: 1, limitType: "cost", window: 60 }],
        },
      },
      'a deploy makes it {"enabled":true,"rules":[{"enabled":false,',
    ],
    [
      "null for a number",
      { log_management: null },
      "log_management: is null, which no prop can say; a deploy makes it 100000.",
    ],
    [
      "a combination that synth refuses",
      { logpush_public_key: "x" },
      "synth refuses it: logpushPublicKey: got a text that is no key",
    ],
    [
      "a URL with a password, without it",
      {
        otel: [
          {
            url: `https://me:${SECRET}@o.example.com/`,
            headers: {},
            content_type: "json",
          },
        ],
      },
      'otel: is [{"content_type":"json","url":"https://o.example.com/ with a credential"}]',
    ],
    [
      "a URL with a key, without it",
      {
        otel: [
          {
            url: `https://o.example.com/v1?api_key=${SECRET}&dataset=chat`,
            headers: {},
            content_type: "json",
          },
        ],
      },
      "https://o.example.com/v1?dataset=chat with a credential",
    ],
  ])("has %s", (_, answered, note) => {
    const told = notes(answered).join("\n");

    expect(told).toContain(note);
    expect(told).not.toContain(SECRET);
  });

  test("is nothing of the other ways in which the API says off", () => {
    const off = {
      ...{ cache_ttl: null, rate_limiting_limit: null, rate_limiting_interval: null },
      ...{ byok_only: null, store_id: null, workers_ai_billing_mode: null, zdr: null },
      ...{ log_classification: null, logpush: null, guardrails: null, spend_limits: null },
    };

    expect(notes({ ...off, dlp: null })).toEqual([]);
    expect(notes({ dlp: { enabled: null, action: null, profiles: null } })).toEqual([]);
    expect(notes({ dlp: { enabled: false } })).toEqual([]);
  });

  test("is nothing of what only Cloudflare sets", () => {
    const own = {
      is_default: true,
      created_at: "x",
      modified_at: "y",
      wholesale: true,
    };

    expect(notes(own)).toEqual([]);
  });
});

/** Texts as Cloudflare gets them. */
const asSent = (body: object): unknown =>
  JSON.parse((sorted(body) ?? "").replaceAll(/([$%])\1\{/g, "$1{"));
