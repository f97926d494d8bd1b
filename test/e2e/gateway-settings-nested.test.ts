import { generateKeyPairSync } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { AiGateway, type AiGatewayProps, SecretVariable } from "../../lib/index.js";
import { gatewayDefaults } from "../../protocol/gateway-settings.js";
import { canary } from "../secrets/canary.js";
import { changedKeys } from "./changed-keys.js";
import { type ResourceChange, Workbench } from "./workbench.js";

const OTEL_KEY = canary("the value of an otel header");
const OTEL_AUTHORIZATION = canary("otel authorization");
const STRIPE_KEY = canary("stripe authorization");
const ROTATED = canary("stripe authorization, rotated");

/** Terraform's own signs are none of its business here. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Stripe's to read
const PAYLOAD = '{"event":"${tokens}","unit":"%{unit}"}';

const pem = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).publicKey;
const firstKey = pem();
const secondKey = pem();

type Gateway = Record<string, unknown>;
type Setting = {
  readonly key: string;
  readonly first: AiGatewayProps;
  readonly second: AiGatewayProps;
  /** What the API has after the second one. */
  readonly kept: unknown;
  /** What somebody puts there behind Terraform's back; with the setting on. */
  readonly drift: unknown;
};

/** Settings without secrets. All of them are on at once, each is judged alone. */
const settings: readonly Setting[] = [
  {
    key: "byok_only",
    first: { byokOnly: true },
    second: { byokOnly: false },
    kept: false,
    drift: false,
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
    drift: { enabled: false, action: "FLAG", profiles: ["p1"] },
  },
  {
    key: "guardrails",
    first: { guardrails: { prompt: { violentCrimes: "BLOCK" } } },
    second: { guardrails: { prompt: { violentCrimes: "FLAG" }, response: { hate: "BLOCK" } } },
    kept: { prompt: { S1: "FLAG" }, response: { S10: "BLOCK" } },
    drift: { prompt: {}, response: {} },
  },
  {
    key: "log_classification",
    first: { logClassification: true },
    second: { logClassification: false },
    kept: false,
    drift: false,
  },
  {
    key: "logpush_public_key",
    first: { logpush: true, logpushPublicKey: firstKey },
    second: { logpush: true, logpushPublicKey: secondKey },
    kept: secondKey,
    drift: secondKey,
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
    drift: null,
  },
  {
    key: "store_id",
    first: { storeId: "a".repeat(32) },
    second: { storeId: "b".repeat(32) },
    kept: "b".repeat(32),
    drift: "c".repeat(32),
  },
  {
    key: "workers_ai_billing_mode",
    first: { workersAiBillingMode: "unified" },
    second: { workersAiBillingMode: "postpaid" },
    kept: "postpaid",
    drift: "postpaid",
  },
  { key: "zdr", first: { zdr: true }, second: { zdr: false }, kept: false, drift: false },
];

const all = (which: "first" | "second"): AiGatewayProps =>
  Object.assign({}, ...settings.map((setting) => setting[which]));
const path = "/ai-gateway/gateways/nested";

let bench: Workbench;
const start = async (options: Parameters<typeof Workbench.start>[0] = {}) => {
  bench = await Workbench.start(options);
};
const declare = (props: AiGatewayProps | ((stack: TerraformStack) => AiGatewayProps)) =>
  bench.synth((stack) => {
    new AiGateway(stack, "gateway", {
      gatewayId: "nested",
      ...(typeof props === "function" ? props(stack) : props),
    });
  });
const read = async (): Promise<Gateway> => (await bench.api("GET", path)).body.result as Gateway;
const put = async (changes: Gateway): Promise<void> => {
  const { created_at, modified_at, is_default, ...body } = await read();
  const answer = await bench.api("PUT", path, { ...body, ...changes });
  expect(answer.body.errors).toEqual([]);
};
const ofType = (wanted: string, changes: readonly ResourceChange[]) =>
  changes.find(({ type }) => type === wanted);
const ofGateway = (changes: readonly ResourceChange[]) => ofType("restful_resource", changes);

describe("settings of a gateway without secrets, under Terraform", () => {
  beforeAll(() => start(), 60_000);
  afterAll(() => bench.close());

  test("are all there after the apply that creates the gateway", async () => {
    declare(all("first"));
    await bench.apply();

    const gateway = await read();
    expect(gateway).toMatchObject({
      byok_only: true,
      dlp: { enabled: true, action: "FLAG", profiles: ["p1"] },
      guardrails: { prompt: { S1: "BLOCK" }, response: {} },
      log_classification: true,
      logpush: true,
      logpush_public_key: firstKey,
      spend_limits: { enabled: true, rules: [{ limit: 10 }] },
      store_id: "a".repeat(32),
      workers_ai_billing_mode: "unified",
      zdr: true,
    });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("keep a rule's counters when its limit is raised", async () => {
    declare(all("first"));
    await bench.apply();
    const before = (await read()).spend_limits as { rules: { id: string }[] };

    declare({
      ...all("first"),
      spendLimits: [{ limit: 20, window: 86_400, metadata: { user: "partition" } }],
    });
    await bench.apply();

    const after = (await read()).spend_limits as { rules: { id: string }[] };
    expect(after.rules.map(({ id }) => id)).toEqual(before.rules.map(({ id }) => id));
    expect(after).toMatchObject({ rules: [{ limit: 20 }] });
  }, 120_000);

  test("are no drift where somebody adds to them, until the next change sends what is declared", async () => {
    // GIVEN
    const props: AiGatewayProps = {
      guardrails: { prompt: { violentCrimes: "BLOCK" } },
      spendLimits: [{ id: "all", limit: 10, window: "1d" }],
    };
    declare(props);
    await bench.apply();
    const before = await read();
    const { rules } = before.spend_limits as { rules: readonly object[] };

    // WHEN somebody has another category looked for, and narrows the rule
    const narrowed = rules.map((rule) => ({
      ...rule,
      model: { mode: "filter", values: ["m"] },
    }));
    await put({
      guardrails: { prompt: { S1: "BLOCK", S2: "FLAG" }, response: {} },
      spend_limits: { enabled: true, rules: narrowed },
    });

    // THEN
    expect((await bench.plan()).changes).toEqual([]);

    // AND
    declare({ ...props, cacheTtl: 60 });
    await bench.apply();
    expect(await read()).toEqual({ ...before, cache_ttl: 60, modified_at: expect.any(String) });
    declare(all("first"));
    await bench.apply();
  }, 120_000);

  test("are off when their props are removed, and the plan says so", async () => {
    declare({});
    const planned = await bench.plan();
    await bench.apply();

    expect(changedKeys(ofGateway(planned.changes))).toEqual(
      [...settings.map(({ key }) => key), "logpush"].sort(),
    );
    expect(await read()).toMatchObject(gatewayDefaults);
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("show what somebody else turned on, and turn it off", async () => {
    await put({
      byok_only: true,
      dlp: { enabled: true, action: "BLOCK", profiles: ["p"] },
      guardrails: { prompt: { S1: "BLOCK" }, response: {} },
      log_classification: true,
      logpush: true,
      logpush_public_key: "key",
      otel: [{ url: "https://elsewhere.example/", headers: { key: OTEL_KEY } }],
      spend_limits: { enabled: true, rules: [{ limit: 1, limitType: "cost", window: 60 }] },
      store_id: "x",
      stripe: { authorization: STRIPE_KEY, usage_events: [{ payload: "{}" }] },
      workers_ai_billing_mode: "unified",
      zdr: true,
    });
    const planned = await bench.plan();
    expect(await plannedTexts()).not.toMatch(/secret/);
    await bench.apply();

    expect(changedKeys(ofGateway(planned.changes))).toEqual(
      [...settings.map(({ key }) => key), "logpush", "otel", "stripe"].sort(),
    );
    expect(await read()).toMatchObject(gatewayDefaults);
  }, 120_000);

  test("are taken over by an import, and turned off by destroy", async () => {
    // GIVEN a gateway with all of it, which the state does not know
    declare(all("first"));
    await bench.apply();
    const before = await read();
    await bench.terraform("state", "rm", ...(await addresses()));

    // WHEN
    const declareImported = (props: AiGatewayProps) =>
      bench.synth((stack) => {
        new AiGateway(stack, "gateway", { gatewayId: "nested", ...props }).importFrom();
      });
    declareImported(all("first"));
    const planned = await bench.plan();
    await bench.apply();

    // THEN nothing of it changes, and nothing is sent
    expect(planned.text).toMatch(/1 to import/);
    expect(ofType("restful_operation", planned.changes)).toBeUndefined();
    expect(changedKeys(ofGateway(planned.changes))).toEqual([]);
    expect(await read()).toEqual(before);
    expect((await bench.plan()).changes).toEqual([]);

    // AND it is the gateway's own request that changes and repairs what is declared
    declareImported(all("second"));
    await bench.apply();
    expect(await read()).toMatchObject(
      Object.fromEntries(settings.map(({ key, kept }) => [key, kept])),
    );
    expect((await bench.plan()).changes).toEqual([]);
    declareImported(all("first"));
    await bench.apply();

    // AND when the call goes, the settings are sent once more as they are
    declare(all("first"));
    const without = await bench.plan();
    expect(ofType("restful_operation", without.changes)?.change.actions).toEqual(["create"]);
    expect(changedKeys(ofGateway(without.changes))).toEqual([]);
    await bench.apply();
    expect({ ...(await read()), modified_at: "" }).toEqual({ ...before, modified_at: "" });
    expect((await bench.plan()).changes).toEqual([]);

    // AND when it comes back, nothing is destroyed
    declareImported(all("first"));
    const back = await bench.plan();
    expect(back.text).toMatch(/0 to destroy/);
    expect(back.text).not.toMatch(/will be destroyed\n/);
    await bench.apply();
    declare(all("first"));
    await bench.apply();
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.stderr).toBe("");
    expect((await bench.api("GET", path)).status).toBe(404);
  }, 120_000);
});

describe("settings of a gateway with secrets, under Terraform", () => {
  beforeAll(() => start(), 60_000);
  afterAll(() => bench.close());

  const secrets = (stack: TerraformStack): AiGatewayProps => ({
    otel: [
      {
        url: "https://otel.example.com/v1/traces",
        headers: { "x-key": new SecretVariable(stack, "otel_key") },
        authorization: new SecretVariable(stack, "otel_authorization"),
      },
      { url: "https://plain.example.com/v1/traces", contentType: "protobuf" },
    ],
    stripe: {
      authorization: new SecretVariable(stack, "stripe_authorization"),
      usageEvents: [{ payload: PAYLOAD }],
    },
  });
  const stored = (changes: Gateway = {}) => ({
    otel: [
      {
        url: "https://otel.example.com/v1/traces",
        headers: { "x-key": OTEL_KEY },
        authorization: OTEL_AUTHORIZATION,
        content_type: "json",
      },
      { url: "https://plain.example.com/v1/traces", headers: {}, content_type: "protobuf" },
    ],
    stripe: { authorization: STRIPE_KEY, usage_events: [{ payload: PAYLOAD }] },
    ...changes,
  });
  /** Nothing to change, everything at the API, no secret anywhere. */
  const settled = async (expected: object) => {
    expect(await read()).toMatchObject(expected);
    const planned = await bench.plan();
    expect(planned.changes).toEqual([]);
    expect(planned.text).not.toMatch(/-secret-/);
    expect(await plannedTexts()).not.toMatch(/-secret-/);
  };

  test("are there after the apply that creates it, and nowhere else", async () => {
    Object.assign(bench.variables, {
      TF_VAR_otel_key: OTEL_KEY,
      TF_VAR_otel_authorization: OTEL_AUTHORIZATION,
      TF_VAR_stripe_authorization: STRIPE_KEY,
    });
    declare(secrets);
    await bench.apply();

    await settled(stored());
  }, 120_000);

  test("stay when another setting changes, and when they drift", async () => {
    declare((stack) => ({ ...secrets(stack), cacheTtl: 60, zdr: true }));
    const planned = await bench.plan();
    await bench.apply();

    expect(changedKeys(ofGateway(planned.changes))).toEqual(["cache_ttl", "zdr"]);
    await settled(stored({ cache_ttl: 60, zdr: true }));

    // WHEN another setting is changed behind Terraform's back
    await put({ cache_ttl: 5 });
    expect(changedKeys(ofGateway((await bench.plan()).changes))).toEqual(["cache_ttl"]);
    await bench.apply();
    await settled(stored({ cache_ttl: 60, zdr: true }));

    // WHEN somebody turns them off
    await put({ otel: [{ url: "https://elsewhere.example/", headers: {} }], stripe: null });
    expect(changedKeys(ofGateway((await bench.plan()).changes))).toEqual(["otel", "stripe"]);
    await bench.apply();
    await settled(stored({ cache_ttl: 60, zdr: true }));
  }, 240_000);

  test("are sent again when one is rotated, and nothing else changes", async () => {
    bench.variables.TF_VAR_stripe_authorization = ROTATED;
    const planned = await bench.plan();
    await bench.apply();

    expect(planned.changes.map(({ type, change }) => [type, change.actions])).toEqual([
      ["restful_operation", ["update"]],
    ]);
    const { usage_events } = stored().stripe;
    await settled(
      stored({ cache_ttl: 60, zdr: true, stripe: { authorization: ROTATED, usage_events } }),
    );
    bench.variables.TF_VAR_stripe_authorization = STRIPE_KEY;
    await bench.apply();
  }, 120_000);

  test("are sent by the next apply when the last one ended between the two requests", async () => {
    // GIVEN a change of which only the gateway's own request was made
    declare((stack) => ({ ...secrets(stack), cacheTtl: 90 }));
    await bench.apply(`-target=${await gatewayAddress()}`);
    expect(await read()).toMatchObject({ cache_ttl: 90, otel: null, stripe: null });

    // WHEN
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(changedKeys(ofGateway(planned.changes))).toEqual(["otel", "stripe"]);
    await settled(stored({ cache_ttl: 90 }));
  }, 120_000);

  test("go with a gateway that is replaced", async () => {
    bench.synth((stack) => {
      new AiGateway(stack, "gateway", { ...secrets(stack), gatewayId: "nested-two" });
    });
    await bench.apply();

    const { result } = (await bench.api("GET", "/ai-gateway/gateways/nested-two")).body;
    expect(result).toMatchObject(stored());
    expect((await bench.plan()).changes).toEqual([]);
    declare(secrets);
    await bench.apply();
    await settled(stored());
  }, 120_000);

  test("are off when their props are removed", async () => {
    declare({});
    const planned = await bench.plan();
    await bench.apply();

    expect(changedKeys(ofGateway(planned.changes))).toEqual(["otel", "stripe"]);
    await settled({ otel: null, stripe: null });
  }, 120_000);
});

describe("an API that does not do what it says", () => {
  afterAll(() => bench.close());

  test("ignores settings: the apply fails with the names of those, and of no other", async () => {
    await start({ ignoredSettings: { always: ["zdr", "guardrails", "logpush", "retry_delay"] } });
    declare({
      ...all("first"),
      cacheTtl: 60,
      retryMaxAttempts: 2,
      retryDelay: 100,
      retryBackoff: "linear",
    });
    await bench.terraform("init", "-no-color");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

    expect(applied.code).toBe(1);
    const named = applied.stderr.replaceAll(/\s*│?\s+/g, " ").matchAll(/(\w+) was not kept/g);
    expect([...named].map(([, name]) => name).sort()).toEqual(["logpush", "retryDelay"]);

    // WHEN those are left out, the next apply names the ones that are sent with the PUT
    const { logpush, logpushPublicKey, ...rest } = all("first");
    declare(rest);
    const again = await bench.terraform("apply", "-auto-approve", "-no-color");
    const others = again.stderr.replaceAll(/\s*│?\s+/g, " ").matchAll(/(\w+) was not kept/g);
    expect([...others].map(([, name]) => name).sort()).toEqual(["guardrails", "zdr"]);
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.code).toBe(0);
  }, 120_000);
});

async function addresses(): Promise<string[]> {
  const { stdout } = await bench.terraform("state", "list");
  return stdout.split("\n").filter((line) => /^(restful|terraform_data)/.test(line));
}

async function gatewayAddress(): Promise<string> {
  const [address] = (await addresses()).filter((one) => one.startsWith("restful_resource."));
  return address as string;
}

/** Everything that is kept of a deploy: synthesized JSON, plan and state, as texts. */
async function plannedTexts(): Promise<string> {
  const plan = await bench.terraform("show", "-json", join(bench.directory, "plan"));
  const folder = await readdir(bench.stackDirectory);
  const files = folder.filter((name) => name.endsWith(".json"));
  const texts = files.map((name) => readFile(join(bench.stackDirectory, name), "utf8"));
  return [plan.stdout, await bench.readState(), ...(await Promise.all(texts))].join("\n");
}
