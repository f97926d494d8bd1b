import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type App, TerraformStack } from "cdktf";
import {
  AiGateway,
  Cloudflare,
  CustomDomain,
  Dataset,
  DynamicRoute,
  Evaluation,
  GatewayPolicy,
  ProviderKey,
  routeGraph,
  SecretVariable,
} from "../../lib/index.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.start();
}, 60_000);
afterAll(() => bench.close());

test("All that a gateway has may be declared in another stack than the gateway, for Terraform, too", async () => {
  // GIVEN a gateway with a setting that is sent after it was made
  bench.synth((stack) => {
    const shared = new TerraformStack(stack.node.root as App, "shared");
    new Cloudflare(shared, "cloudflare", { accountId: bench.emulator.accountId });
    const storeId = "8ab1f05c7e3d49a6b2c0d1e2f3a4b5c6";
    const gateway = new AiGateway(shared, "gateway", { gatewayId: "mine", storeId, zdr: true });
    new ProviderKey(stack, "key", {
      gateway,
      providerSlug: "openai",
      secret: new SecretVariable(stack, "openai_api_key"),
      deletionProtection: true,
    });
    const graph = routeGraph((g) => g.model({ provider: "openai", model: "gpt-5.5-mini" }));
    new DynamicRoute(stack, "route", { gateway, graph });
    new CustomDomain(stack, "domain", {
      gateway,
      hostname: "ai.example.com",
      zoneId: "0".repeat(32),
    });
    const all = new Dataset(stack, "all", { gateway });
    new Evaluation(stack, "evaluation", { gateway, datasets: [all] });
    new GatewayPolicy(stack, "policy", { gateway, action: { type: "no-limit" } });
  });

  // WHEN
  const init = await bench.terraform("init", "-no-color");
  const validated = await bench.terraform("validate", "-no-color");

  // THEN
  expect([init.code, init.stderr]).toEqual([0, ""]);
  expect([validated.code, validated.stderr]).toEqual([0, ""]);
}, 60_000);
