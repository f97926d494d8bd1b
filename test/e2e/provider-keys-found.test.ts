import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, ProviderKey, SecretVariable } from "../../lib/index.js";
import { lacksIdentity } from "./lacks-identity.js";
import { KEY, ProviderKeyBench } from "./provider-key-bench.js";
import type { Workbench } from "./workbench.js";

const needsIdentity = lacksIdentity("to see that a key is gone") ? test.skip : test;

describe("a provider's key under Terraform", () => {
  let keys: ProviderKeyBench;
  let bench: Workbench;

  beforeAll(async () => {
    keys = await ProviderKeyBench.start();
    bench = keys.bench;
  }, 60_000);

  afterAll(() => bench.close());

  test("gets back scopes that somebody took away, and keeps its value", async () => {
    // GIVEN
    keys.declare({});
    await keys.deploy();
    const [secret] = await keys.secrets();
    await bench.api("PATCH", `${keys.secretsPath}/${secret?.id}`, { scopes: ["workers"] });
    // WHEN
    const changed = await keys.apply();
    // THEN
    expect(changed).toEqual({ Secret: "update" });
    expect(await keys.secrets()).toMatchObject([{ id: secret?.id, scopes: ["ai_gateway"] }]);
  }, 180_000);

  needsIdentity(
    "comes back when somebody deleted it, or its secret",
    async () => {
      // GIVEN
      keys.declare({});
      await keys.deploy();
      const [config] = await keys.configs();
      const [secret] = await keys.secrets();
      await bench.api("DELETE", `/ai-gateway/gateways/keys/provider_configs/${config?.id}`);
      // WHEN
      const changed = await keys.apply();
      await bench.api("DELETE", `${keys.secretsPath}/${secret?.id}`);
      const changedAgain = await keys.apply();
      // THEN
      expect(changed).toEqual({ Config: "create" });
      expect(changedAgain).toMatchObject({
        Secret: "create",
        Value: "delete then create",
        Config: "delete then create",
      });
      expect(await keys.configs()).toMatchObject([
        { alias: "default", secret_id: (await keys.secrets())[0]?.id },
      ]);
    },
    240_000,
  );

  test("is refused beside one that somebody else made, and can be imported", async () => {
    // GIVEN a key that Terraform has forgotten
    keys.declare({ rateLimit: 10 });
    await keys.deploy();
    const [config] = await keys.configs();
    const [secret] = await keys.secrets();
    const listed = (await bench.terraform("state", "list")).stdout.trim().split("\n");
    const own = listed.filter((address) => /\.key_/.test(address));
    expect((await bench.terraform("state", "rm", ...own)).code).toBe(0);
    // WHEN
    const refused = await bench.terraform("apply", "-auto-approve", "-no-color");
    keys.declare({ rateLimit: 10, importFrom: [String(config?.id), String(secret?.id)] });
    const imported = await bench.plan();
    await keys.apply();
    // THEN
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("already_exists");
    expect(imported.text).toContain("2 to import");
    expect(imported.text).toContain("0 to destroy");
    expect(await keys.configs()).toEqual([config]);
    expect((await bench.plan()).changes).toEqual([]);
    // AND without the call it is the same key, and notes of it are in the state
    keys.declare({ rateLimit: 10 });
    await keys.apply();
    expect(await keys.configs()).toEqual([config]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 240_000);

  needsIdentity(
    "gets the secret that is made anew, also while importFrom is called",
    async () => {
      // GIVEN a key that is imported
      keys.declare({ rateLimit: 10 });
      await keys.deploy();
      const [config] = await keys.configs();
      const [secret] = await keys.secrets();
      const listed = (await bench.terraform("state", "list")).stdout.trim().split("\n");
      const own = listed.filter((address) => /\.key_/.test(address));
      expect((await bench.terraform("state", "rm", ...own)).code).toBe(0);
      const importFrom = [String(config?.id), String(secret?.id)] as const;
      keys.declare({ rateLimit: 10, importFrom });
      await keys.apply();
      await bench.api("DELETE", `${keys.secretsPath}/${secret?.id}`);
      // WHEN
      const changed = await keys.apply();
      // THEN
      expect(changed).toMatchObject({ Secret: "create", Config: "delete then create" });
      const [made] = await keys.secrets();
      expect(made?.id).not.toBe(secret?.id);
      expect(await keys.configs()).toMatchObject([{ secret_id: made?.id }]);
      // AND without the call it is the same key
      keys.declare({ rateLimit: 10 });
      const replaced = await keys.configs();
      await keys.apply();
      expect(await keys.configs()).toEqual(replaced);
    },
    240_000,
  );

  test("uses a secret that is in the store already", async () => {
    // GIVEN
    keys.declare();
    await keys.deploy();
    const name = ProviderKey.secretName("keys", "anthropic");
    const body = [{ name, scopes: ["ai_gateway"], value: KEY }];
    const [made] = (await bench.api("POST", keys.secretsPath, body)).body.result as {
      id: string;
    }[];
    // WHEN
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId: "keys", storeId: keys.storeId });
      new SecretVariable(stack, "openai_api_key");
      const secret = { secretId: made?.id ?? "" };
      new ProviderKey(stack, "key", { gateway, providerSlug: "anthropic", secret });
    });
    await keys.apply();
    // THEN
    expect(await keys.configs()).toMatchObject([
      { provider_slug: "anthropic", secret_id: made?.id },
    ]);
    keys.declare();
    await keys.apply();
    expect(await keys.configs()).toEqual([]);
    expect(await keys.secrets()).toMatchObject([{ name }]);
    await bench.api("DELETE", `${keys.secretsPath}/${made?.id}`);
  }, 240_000);
});
