import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AiGateway } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;

beforeEach(async () => {
  bench = await Workbench.start();
}, 60_000);
afterEach(async () => {
  await bench.close();
});

const declare = (cacheTtl = 60) =>
  bench.synth((stack) => {
    new AiGateway(stack, "gateway", { gatewayId: "mine", cacheTtl });
  });
const tryApply = async () => {
  await bench.terraform("init", "-no-color");
  return bench.terraform("apply", "-auto-approve", "-no-color");
};
const gateways = async () =>
  ((await bench.api("GET", "/ai-gateway/gateways")).body.result as { id: string }[]).map(
    ({ id }) => id,
  );
const createByHand = (id: string) =>
  bench.api("POST", "/ai-gateway/gateways", {
    id,
    cache_ttl: 7,
    collect_logs: true,
    cache_invalidate_on_update: false,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });

test("A gateway whose creation was carried out and its answer lost is adopted by the next apply", async () => {
  // GIVEN a first deploy that never learns of the gateway it made
  declare();
  bench.emulator.faults.add({ method: "POST", first: 1, answer: "lost" });
  const lost = await tryApply();
  expect(lost.code).toBe(1);
  expect(lost.stderr).toContain("already exists");
  expect(await gateways()).toEqual(["mine"]);

  // WHEN it is deployed again, with another setting
  bench.emulator.faults.clear();
  declare(300);
  const { text } = await bench.plan();
  expect(text).toContain("Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.");
  await bench.apply();

  // THEN it is the same gateway, with these settings, and nothing is left to do
  expect(await gateways()).toEqual(["mine"]);
  expect((await bench.api("GET", "/ai-gateway/gateways/mine")).body.result).toMatchObject({
    cache_ttl: 300,
  });
  const again = await bench.plan();
  expect(again.changes).toEqual([]);
  expect(again.text).toContain("No changes.");
}, 120_000);

test("A gateway that existed before is refused at every apply, and stays as it is", async () => {
  await createByHand("mine");
  declare();

  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const refused = await tryApply();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("already exists");
  }

  expect((await bench.api("GET", "/ai-gateway/gateways/mine")).body.result).toMatchObject({
    cache_ttl: 7,
  });
}, 120_000);
