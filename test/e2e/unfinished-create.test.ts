import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AiGateway, ProviderKey, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;
let storeId: string;

beforeEach(async () => {
  bench = await Workbench.start();
  const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
  storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
  bench.variables.TF_VAR_openai_api_key = canary("a provider's key");
}, 60_000);
afterEach(async () => {
  await bench.close();
});

const path = "/ai-gateway/gateways/mine/provider_configs";

test("A key that was made while nothing could be read of it is adopted by the next apply", async () => {
  // GIVEN a deploy that makes a key and then may not look at it: both providers forget such an object
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine", storeId });
    const secret = new SecretVariable(stack, "openai_api_key");
    new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret });
  });
  await bench.terraform("init", "-no-color");
  bench.emulator.faults.add({ method: "GET", path: `**${path}`, answer: 403 });
  const failed = await bench.terraform("apply", "-auto-approve", "-no-color");
  expect(failed.code).toBe(1);
  expect(bench.emulator.faults.calls.filter(({ struck }) => struck)).toHaveLength(1);
  bench.emulator.faults.clear();
  const [made] = (await bench.api("GET", path)).body.result as { id: string }[];
  expect(await bench.readState()).not.toContain(made?.id);

  // WHEN it is deployed again
  const { text } = await bench.plan();
  await bench.apply();

  // THEN it is the same key, and nothing is left to do
  expect(text).toContain("1 to import");
  expect((await bench.api("GET", path)).body.result).toEqual([made]);
  expect((await bench.plan()).changes).toEqual([]);
}, 120_000);

test("A gateway that is not found right after it was made is adopted by the next apply", async () => {
  // GIVEN an API that knows a new gateway only a moment later
  bench.synth((stack) => {
    new AiGateway(stack, "gateway", { gatewayId: "mine", cacheTtl: 60 });
  });
  await bench.terraform("init", "-no-color");
  bench.emulator.faults.add({ method: "GET", path: "**/gateways/mine", answer: 404 });
  const failed = await bench.terraform("apply", "-auto-approve", "-no-color");
  expect(failed.code).toBe(1);
  expect(bench.emulator.faults.calls.filter(({ struck }) => struck)).toHaveLength(1);
  expect((await bench.terraform("state", "list")).stdout).not.toMatch(/^restful_resource/m);
  bench.emulator.faults.clear();

  // WHEN it is deployed again
  const { text } = await bench.plan();
  await bench.apply();

  // THEN it is the same gateway, and nothing is left to do
  expect(text).toContain("Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.");
  expect((await bench.plan()).changes).toEqual([]);
}, 120_000);
