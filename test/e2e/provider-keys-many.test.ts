import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, ProviderKey, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

describe("a provider's key at a gateway with many", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
    bench.variables.TF_VAR_openai_api_key = canary("a provider's key");
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  test("is found beyond the twenty that the API lists by itself", async () => {
    // GIVEN a gateway with twenty keys that somebody else made
    const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    const storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
    const declare = (withKey: boolean) =>
      bench.synth((stack) => {
        const gateway = new AiGateway(stack, "gateway", { gatewayId: "many", storeId });
        const secret = new SecretVariable(stack, "openai_api_key");
        if (withKey) new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret });
      });
    declare(false);
    await bench.apply();
    const path = "/ai-gateway/gateways/many/provider_configs";
    for (let number = 1; number <= 20; number++) {
      const settings = { provider_slug: "openai", alias: `key-${number}`, default_config: false };
      const { status } = await bench.api("POST", path, {
        ...settings,
        secret: canary("another provider's key"),
      });
      expect(status).toBe(200);
    }
    // WHEN
    declare(true);
    await bench.apply();
    // THEN
    const listed = (await bench.api("GET", `${path}?per_page=50`)).body.result as unknown[];
    expect(listed).toHaveLength(21);
    expect(listed[20]).toMatchObject({ provider_slug: "openai", alias: "default" });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);
});
