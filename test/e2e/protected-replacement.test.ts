import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { AiGateway, CustomDomain, Dataset, Evaluation, ProviderKey } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

describe("what is protected, and only a replacement could change", () => {
  let bench: Workbench;
  let storeId: string;
  let secretId: string;
  let typeIds: readonly string[];

  const list = async (path: string) => {
    const { body } = await bench.api("GET", path);
    return body.result as { id: string; mandatory?: boolean }[];
  };

  beforeAll(async () => {
    bench = await Workbench.start();
    const { body } = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    storeId = (body.result as { id: string }[])[0]?.id ?? "";
    const secrets = `/secrets_store/stores/${storeId}/secrets`;
    await bench.api("POST", secrets, [
      { name: "kept_openai_default", value: canary("a provider's key"), scopes: ["ai_gateway"] },
    ]);
    secretId = (await list(secrets))[0]?.id ?? "";
    typeIds = (await list("/ai-gateway/evaluation-types")).map(({ id }) => id);
    bench.synth(declare());
    await bench.apply();
  }, 90_000);

  afterAll(() => bench.close());

  const declare =
    ({ zoneId = "0".repeat(32), alias = "default", types = typeIds.slice(0, 2) } = {}) =>
    (stack: TerraformStack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId: "kept", storeId });
      const deletionProtection = true;
      new CustomDomain(stack, "domain", {
        gateway,
        hostname: "ai.example.com",
        zoneId,
        deletionProtection,
      });
      const all = new Dataset(stack, "all", { gateway });
      const evaluationTypeIds = types;
      const datasets = [all];
      new Evaluation(stack, "it", { gateway, datasets, evaluationTypeIds, deletionProtection });
      new ProviderKey(stack, "key", {
        gateway,
        providerSlug: "openai",
        secret: { secretId },
        alias,
        deletionProtection,
      });
    };

  test.each([
    ["domain", () => ({ zoneId: "1".repeat(32) })],
    ["it", () => ({ types: [...typeIds].reverse().slice(0, 3) })],
    ["key", () => ({ alias: "other" })],
  ])(
    "refuses to replace %s, and says how to lift it",
    async (id, changed) => {
      bench.synth(declare(changed()));

      const { code, stderr } = await bench.terraform("plan", "-no-color");

      expect(code).toBe(1);
      expect(stderr.replace(/[\s│]+/g, " ")).toContain(
        `["test/${id}: deploy deletionProtection: false first"]`,
      );
    },
    60_000,
  );

  test("is left alone by a deploy that changes nothing", async () => {
    bench.synth(declare());

    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);
});
