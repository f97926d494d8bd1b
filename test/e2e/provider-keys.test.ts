import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { AiGateway, ProviderKey, type ProviderKeyProps, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { lacksIdentity } from "./lacks-identity.js";
import { type ResourceChange, Workbench } from "./workbench.js";

const KEY = canary("a provider's key");
const ROTATED = canary("a provider's key, rotated");

const needsIdentity = lacksIdentity("to see that a key is gone") ? test.skip : test;

type Settings = Partial<Omit<ProviderKeyProps, "gateway" | "secret">> & {
  readonly gatewayId?: string;
  readonly importFrom?: readonly [configId: string, secretId: string];
};

describe("a provider's key under Terraform", () => {
  let bench: Workbench;
  let storeId: string;
  const texts: string[] = [];

  beforeAll(async () => {
    bench = await Workbench.start();
    const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
    bench.variables.TF_VAR_openai_api_key = KEY;
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  const declare = (settings?: Settings) =>
    bench.synth((stack) => {
      const { gatewayId = "keys", importFrom, ...props } = settings ?? {};
      const gateway = new AiGateway(stack, "gateway", { gatewayId, storeId });
      const secret = new SecretVariable(stack, "openai_api_key");
      if (settings === undefined) return;
      const key = new ProviderKey(stack, "key", {
        gateway,
        providerSlug: "openai",
        secret,
        ...props,
      });
      if (importFrom !== undefined) key.importFrom(...importFrom);
      new TerraformOutput(stack, "config_id", { value: key.providerConfigId });
    });

  const deploy = async () => {
    const { stdout, stderr } = await bench.apply();
    texts.push(stdout, stderr, await bench.readState());
  };

  /** Deploys, and looks before and after at what is to be done. */
  const apply = async () => {
    const planned = await bench.plan();
    texts.push(planned.text, await readFile(join(bench.stackDirectory, "cdk.tf.json"), "utf8"));
    await deploy();
    expect((await bench.plan()).changes).toEqual([]);
    return actions(planned.changes);
  };

  const configs = async (gateway = "keys") =>
    (await bench.api("GET", `/ai-gateway/gateways/${gateway}/provider_configs`)).body
      .result as Record<string, unknown>[];
  const secretsPath = () => `/secrets_store/stores/${storeId}/secrets`;
  const secrets = async () =>
    (await bench.api("GET", secretsPath())).body.result as Record<string, unknown>[];

  /** What is in the store, which only a Worker that binds it can tell. */
  const storedValue = async (): Promise<string> => {
    const [{ id, name } = {}] = await secrets();
    await bench.api("PATCH", `${secretsPath()}/${id}`, { scopes: ["ai_gateway", "workers"] });
    const binding = {
      type: "secrets_store_secret",
      name: "KEY",
      store_id: storeId,
      secret_name: name,
    };
    const form = new FormData();
    form.set(
      "metadata",
      JSON.stringify({
        main_module: "m.js",
        compatibility_date: "2026-01-01",
        bindings: [binding],
      }),
    );
    const code = "export default { fetch: async (_, env) => new Response(await env.KEY.get()) };";
    form.set("m.js", new File([code], "m.js", { type: "application/javascript+module" }));
    const { apiUrl, accountId, apiToken } = bench.emulator;
    const uploaded = await fetch(`${apiUrl}/accounts/${accountId}/workers/scripts/peek`, {
      method: "PUT",
      headers: { authorization: `Bearer ${apiToken}` },
      body: form,
    });
    expect(uploaded.status).toBe(200);
    await bench.api("POST", "/workers/scripts/peek/subdomain", { enabled: true });
    const { url } = (await bench.api("GET", "/emulator/workers/peek")).body.result as {
      url: string;
    };
    const value = await (await fetch(url)).text();
    await bench.api("DELETE", "/workers/scripts/peek");
    await bench.api("PATCH", `${secretsPath()}/${id}`, { scopes: ["ai_gateway"] });
    return value;
  };

  test("is there as declared, by the name the gateway looks for, and the next plan is empty", async () => {
    declare({ rateLimit: 10 });

    await apply();

    const [secret, ...more] = await secrets();
    expect(more).toEqual([]);
    expect(secret).toMatchObject({ name: "keys_openai_default", scopes: ["ai_gateway"] });
    expect(await configs()).toMatchObject([
      {
        provider_slug: "openai",
        alias: "default",
        default_config: 1,
        secret_id: secret?.id,
        rate_limit: 10,
        rate_limit_period: 60,
      },
    ]);
    expect(await bench.output("config_id")).toBe((await configs())[0]?.id);
    expect(await storedValue()).toBe(KEY);
  }, 180_000);

  test("gets a rotated value in place, and nothing else changes", async () => {
    // GIVEN
    declare({});
    await deploy();
    const before = { configs: await configs(), secrets: await secrets() };
    // WHEN
    bench.variables.TF_VAR_openai_api_key = ROTATED;
    const changed = await apply();
    // THEN
    expect(changed).toEqual({ Value: "update" });
    const [secret] = await secrets();
    expect(secret?.id).toBe(before.secrets[0]?.id);
    expect(secret?.modified).not.toBe(before.secrets[0]?.modified);
    expect(await configs()).toEqual(before.configs);
    expect(await storedValue()).toBe(ROTATED);
  }, 180_000);

  test("is made again at the gateway for another setting, and its secret stays", async () => {
    // GIVEN
    declare({ rateLimit: 10 });
    await deploy();
    const [before] = await configs();
    const secretsBefore = await secrets();
    // WHEN
    declare({ rateLimit: 20, rateLimitPeriod: 3600, defaultConfig: false });
    const changed = await apply();
    // THEN its claim, too, is of the new one: the answer to its creation may be lost like that of the first
    expect(changed).toEqual({
      Config: "delete then create",
      ConfigClaim: "delete then create",
      ConfigDeclared: "update",
    });
    const [after] = await configs();
    expect(after).toMatchObject({ rate_limit: 20, rate_limit_period: 3600, default_config: 0 });
    expect(after?.id).not.toBe(before?.id);
    expect(await secrets()).toEqual(secretsBefore);
  }, 180_000);

  test("becomes another key by another alias", async () => {
    // GIVEN
    declare({});
    await deploy();
    // WHEN
    declare({ alias: "eu" });
    await apply();
    // THEN
    expect(await configs()).toMatchObject([{ alias: "eu", default_config: 0 }]);
    expect(await secrets()).toMatchObject([{ name: "keys_openai_eu" }]);
  }, 180_000);

  test("goes with its gateway to another id", async () => {
    // GIVEN
    declare({});
    await deploy();
    // WHEN
    declare({ gatewayId: "moved" });
    await apply();
    // THEN
    expect(await configs("moved")).toMatchObject([{ gateway_id: "moved" }]);
    expect(await secrets()).toMatchObject([{ name: "moved_openai_default" }]);
    declare({});
    await apply();
  }, 240_000);

  test("gets back scopes that somebody took away, and keeps its value", async () => {
    // GIVEN
    declare({});
    await deploy();
    const [secret] = await secrets();
    await bench.api("PATCH", `${secretsPath()}/${secret?.id}`, { scopes: ["workers"] });
    // WHEN
    const changed = await apply();
    // THEN
    expect(changed).toEqual({ Secret: "update" });
    expect(await secrets()).toMatchObject([{ id: secret?.id, scopes: ["ai_gateway"] }]);
  }, 180_000);

  needsIdentity(
    "comes back when somebody deleted it, or its secret",
    async () => {
      // GIVEN
      declare({});
      await deploy();
      const [config] = await configs();
      const [secret] = await secrets();
      await bench.api("DELETE", `/ai-gateway/gateways/keys/provider_configs/${config?.id}`);
      // WHEN
      const changed = await apply();
      await bench.api("DELETE", `${secretsPath()}/${secret?.id}`);
      const changedAgain = await apply();
      // THEN
      expect(changed).toEqual({ Config: "create" });
      expect(changedAgain).toMatchObject({
        Secret: "create",
        Value: "delete then create",
        Config: "delete then create",
      });
      expect(await configs()).toMatchObject([
        { alias: "default", secret_id: (await secrets())[0]?.id },
      ]);
    },
    240_000,
  );

  test("is refused beside one that somebody else made, and can be imported", async () => {
    // GIVEN a key that Terraform has forgotten
    declare({ rateLimit: 10 });
    await deploy();
    const [config] = await configs();
    const [secret] = await secrets();
    const listed = (await bench.terraform("state", "list")).stdout.trim().split("\n");
    const own = listed.filter((address) => /\.key_/.test(address));
    expect((await bench.terraform("state", "rm", ...own)).code).toBe(0);
    // WHEN
    const refused = await bench.terraform("apply", "-auto-approve", "-no-color");
    declare({ rateLimit: 10, importFrom: [String(config?.id), String(secret?.id)] });
    const imported = await bench.plan();
    await apply();
    // THEN
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("already_exists");
    expect(imported.text).toContain("2 to import");
    expect(imported.text).toContain("0 to destroy");
    expect(await configs()).toEqual([config]);
    expect((await bench.plan()).changes).toEqual([]);
    // AND without the call it is the same key, and notes of it are in the state
    declare({ rateLimit: 10 });
    await apply();
    expect(await configs()).toEqual([config]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 240_000);

  test("uses a secret that is in the store already", async () => {
    // GIVEN
    declare();
    await deploy();
    const name = ProviderKey.secretName("keys", "anthropic");
    const body = [{ name, scopes: ["ai_gateway"], value: KEY }];
    const [made] = (await bench.api("POST", secretsPath(), body)).body.result as { id: string }[];
    // WHEN
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId: "keys", storeId });
      new SecretVariable(stack, "openai_api_key");
      const secret = { secretId: made?.id ?? "" };
      new ProviderKey(stack, "key", { gateway, providerSlug: "anthropic", secret });
    });
    await apply();
    // THEN
    expect(await configs()).toMatchObject([{ provider_slug: "anthropic", secret_id: made?.id }]);
    declare();
    await apply();
    expect(await configs()).toEqual([]);
    expect(await secrets()).toMatchObject([{ name }]);
    await bench.api("DELETE", `${secretsPath()}/${made?.id}`);
  }, 240_000);

  test("is protected from removal, and not from changes, where that is asked for", async () => {
    // GIVEN
    declare({ deletionProtection: true });
    await deploy();
    // WHEN
    declare({ deletionProtection: true, rateLimit: 5 });
    const changed = await apply();
    const refused = await bench.terraform("plan", "-destroy", "-no-color");
    // THEN
    expect(changed).toMatchObject({ Config: "delete then create" });
    expect(refused.code).toBe(1);
    expect(refused.stderr.replace(/\s+/g, " ")).toContain("set deletionProtection: false");
    declare({ deletionProtection: false });
    await apply();
  }, 240_000);

  test("leaves nothing behind, and its value was never to be seen", async () => {
    // GIVEN
    declare({});
    await deploy();
    // WHEN
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    // THEN
    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    expect(await secrets()).toEqual([]);
    texts.push(destroyed.stdout, await bench.readState());
    for (const secret of [KEY, ROTATED]) expect(texts.join("\n")).not.toContain(secret);
  }, 180_000);
});

/** What a plan does to the parts of the key, by the kind of part. */
const actions = (changes: readonly ResourceChange[]) =>
  Object.fromEntries(
    changes
      .filter(({ address }) => /\.key_/.test(address))
      .map(({ address, change }) => [
        address.replace(
          /^.*\.key_([A-Za-z]+?)(?:-?(?:openai|anthropic).*?)?(Declared)?_.*$/,
          "$1$2",
        ),
        change.actions.join(" then "),
      ]),
  );
