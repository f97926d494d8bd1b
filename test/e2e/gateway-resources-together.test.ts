import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  AiGateway,
  CustomDomain,
  CustomProvider,
  Dataset,
  Evaluation,
  GatewayPolicy,
} from "../../lib/index.js";
import { Workbench } from "./workbench.js";

describe("everything around a gateway in one stack", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  const declare = (gatewayId: string, deletionProtection = false) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId });
      const all = new Dataset(stack, "all", { gateway });
      new Evaluation(stack, "baseline", { gateway, datasets: [all] });
      new CustomDomain(stack, "domain", {
        gateway,
        hostname: "ai.example.com",
        zoneId: "0".repeat(32),
        deletionProtection,
      });
      const own = new CustomProvider(stack, "own", { baseUrl: "https://models.example.com" });
      new GatewayPolicy(stack, "policy", {
        gateway,
        resource: { provider: own.providerSlug },
        action: { type: "no-limit" },
      });
    });
  const kinds = ["custom-domains", "datasets", "evaluations", "policies"];
  const counts = async (gatewayId: string) => {
    const path = `/ai-gateway/gateways/${gatewayId}`;
    const lists = await Promise.all(kinds.map((kind) => bench.api("GET", `${path}/${kind}`)));
    return lists.map(({ body }) => (body.result as unknown[] | null)?.length);
  };

  test("is made in one deploy, and not changed by a second one", async () => {
    declare("first");
    await bench.apply();

    expect(await counts("first")).toEqual([1, 1, 1, 1]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("moves to a gateway with another id in one deploy", async () => {
    declare("second");
    await bench.apply();

    expect(await counts("second")).toEqual([1, 1, 1, 1]);
    expect((await bench.api("GET", "/ai-gateway/gateways/first")).status).toBe(404);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("is not destroyed while a part is protected, and that before anything is touched", async () => {
    declare("second", true);
    await bench.apply();

    const refused = await bench.terraform("destroy", "-auto-approve", "-no-color");

    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("prevent_destroy");
    expect(await counts("second")).toEqual([1, 1, 1, 1]);
  }, 90_000);

  test("is destroyed once nothing is protected any more", async () => {
    declare("second");
    await bench.apply();

    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    expect((await bench.api("GET", "/ai-gateway/gateways")).body.result).toEqual([]);
    expect((await bench.api("GET", "/ai-gateway/custom-providers")).body.result).toEqual([]);
  }, 90_000);
});
