import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { canary } from "../secrets/canary.js";
import { expectNoCanaryIn } from "../secrets/scan-for-canaries.js";
import { KEY, ProviderKeyBench } from "./provider-key-bench.js";
import type { Workbench } from "./workbench.js";

const ROTATED = canary("a provider's key, rotated");

describe("a provider's key under Terraform", () => {
  let keys: ProviderKeyBench;
  let bench: Workbench;

  beforeAll(async () => {
    keys = await ProviderKeyBench.start();
    bench = keys.bench;
  }, 60_000);

  afterAll(() => bench.close());

  test("is there as declared, by the name the gateway looks for, and the next plan is empty", async () => {
    keys.declare({ rateLimit: 10 });

    await keys.apply();

    const [secret, ...more] = await keys.secrets();
    expect(more).toEqual([]);
    expect(secret).toMatchObject({ name: "keys_openai_default", scopes: ["ai_gateway"] });
    expect(await keys.configs()).toMatchObject([
      {
        provider_slug: "openai",
        alias: "default",
        default_config: 1,
        secret_id: secret?.id,
        rate_limit: 10,
        rate_limit_period: 60,
      },
    ]);
    expect(await bench.output("config_id")).toBe((await keys.configs())[0]?.id);
    expect(await keys.storedValue()).toBe(KEY);
  }, 180_000);

  test("gets a rotated value in place, and nothing else changes", async () => {
    // GIVEN
    keys.declare({});
    await keys.deploy();
    const before = { configs: await keys.configs(), secrets: await keys.secrets() };
    // WHEN
    bench.variables.TF_VAR_openai_api_key = ROTATED;
    const changed = await keys.apply();
    // THEN
    expect(changed).toEqual({ Value: "update" });
    const [secret] = await keys.secrets();
    expect(secret?.id).toBe(before.secrets[0]?.id);
    expect(secret?.modified).not.toBe(before.secrets[0]?.modified);
    expect(await keys.configs()).toEqual(before.configs);
    expect(await keys.storedValue()).toBe(ROTATED);
  }, 180_000);

  test("is made again at the gateway for another setting, and its secret stays", async () => {
    // GIVEN
    keys.declare({ rateLimit: 10 });
    await keys.deploy();
    const [before] = await keys.configs();
    const secretsBefore = await keys.secrets();
    // WHEN
    keys.declare({ rateLimit: 20, rateLimitPeriod: 3600, defaultConfig: false });
    const changed = await keys.apply();
    // THEN its claim, too, is of the new one: the answer to its creation may be lost like that of the first
    expect(changed).toEqual({
      Config: "delete then create",
      ConfigClaim: "delete then create",
      ConfigDeclared: "update",
    });
    const [after] = await keys.configs();
    expect(after).toMatchObject({ rate_limit: 20, rate_limit_period: 3600, default_config: 0 });
    expect(after?.id).not.toBe(before?.id);
    expect(await keys.secrets()).toEqual(secretsBefore);
  }, 180_000);

  test("becomes another key by another alias", async () => {
    // GIVEN
    keys.declare({});
    await keys.deploy();
    // WHEN
    keys.declare({ alias: "eu" });
    await keys.apply();
    // THEN
    expect(await keys.configs()).toMatchObject([{ alias: "eu", default_config: 0 }]);
    expect(await keys.secrets()).toMatchObject([{ name: "keys_openai_eu" }]);
  }, 180_000);

  test("goes with its gateway to another id", async () => {
    // GIVEN
    keys.declare({});
    await keys.deploy();
    // WHEN
    keys.declare({ gatewayId: "moved" });
    await keys.apply();
    // THEN
    expect(await keys.configs("moved")).toMatchObject([{ gateway_id: "moved" }]);
    expect(await keys.secrets()).toMatchObject([{ name: "moved_openai_default" }]);
    keys.declare({});
    await keys.apply();
  }, 240_000);

  test("is protected from removal, and not from changes, where that is asked for", async () => {
    // GIVEN
    keys.declare({ deletionProtection: true });
    await keys.deploy();
    // WHEN
    keys.declare({ deletionProtection: true, rateLimit: 5 });
    const changed = await keys.apply();
    const refused = await bench.terraform("plan", "-destroy", "-no-color");
    // THEN
    expect(changed).toMatchObject({ Config: "delete then create" });
    expect(refused.code).toBe(1);
    expect(refused.stderr.replace(/\s+/g, " ")).toContain("deploy deletionProtection: false first");
    keys.declare({ deletionProtection: false });
    await keys.apply();
  }, 240_000);

  test("leaves nothing behind, and its value was never to be seen", async () => {
    // GIVEN
    keys.declare({});
    await keys.deploy();
    // WHEN
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    // THEN
    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    expect(await keys.secrets()).toEqual([]);
    // What printed or kept one before would have failed the test that did it.
    expectNoCanaryIn("what destroy printed", destroyed.stdout);
    expectNoCanaryIn("the state", await bench.readState());
  }, 180_000);
});
