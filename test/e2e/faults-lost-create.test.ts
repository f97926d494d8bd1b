import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemClock } from "../../emulator/index.js";
import { AiGateway } from "../../lib/index.js";
import { makeGatewayByHand } from "./somebody-elses.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;
/** How far the account's clock is ahead of Terraform's, in milliseconds. */
let ahead = 0;

beforeEach(async () => {
  ahead = 0;
  bench = await Workbench.start({ clock: { ...systemClock, now: () => Date.now() + ahead } });
}, 60_000);
afterEach(async () => {
  await bench.close();
});

const declare = (cacheTtl = 60, importFrom = false) =>
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine", cacheTtl });
    if (importFrom) gateway.importFrom();
  });
const tryApply = async () => {
  await bench.terraform("init", "-no-color");
  return bench.terraform("apply", "-auto-approve", "-no-color");
};
const gateways = async () =>
  ((await bench.api("GET", "/ai-gateway/gateways")).body.result as { id: string }[]).map(
    ({ id }) => id,
  );

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
  await makeGatewayByHand(bench, "mine");
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

test("A gateway that somebody makes later than an apply takes is not taken for ours", async () => {
  // GIVEN a claim, and no gateway: the creation was refused
  declare();
  bench.emulator.faults.add({ method: "POST", answer: 403 });
  expect((await tryApply()).code).toBe(1);
  bench.emulator.faults.clear();

  // WHEN somebody makes one of that name hours later, and it is deployed again
  ahead = 2 * 3_600_000;
  await makeGatewayByHand(bench, "mine");
  const refused = await tryApply();

  // THEN it is refused, and stays as it is
  expect(refused.stderr).toContain("already exists");
  expect((await bench.api("GET", "/ai-gateway/gateways/mine")).body.result).toMatchObject({
    cache_ttl: 7,
  });
}, 120_000);

test("A gateway that somebody made between our plan and our apply is not taken for ours", async () => {
  // GIVEN a saved plan to create a gateway, which somebody else then makes
  declare();
  await bench.plan();
  ahead = -3_000;
  await makeGatewayByHand(bench, "mine");
  ahead = 0;

  // WHEN the plan is applied, and the stack deployed once more
  const saved = await bench.terraform("apply", "-no-color", join(bench.directory, "plan"));
  expect(saved.stderr).toContain("already exists");
  const refused = await tryApply();

  // THEN it is refused both times, and stays as it is
  expect(refused.stderr).toContain("already exists");
  expect((await bench.api("GET", "/ai-gateway/gateways/mine")).body.result).toMatchObject({
    cache_ttl: 7,
  });
}, 120_000);

test("A gateway that exists is imported when that is asked for, and stays as it is when it is no longer asked", async () => {
  await makeGatewayByHand(bench, "mine");
  declare(60, true);
  await bench.apply();
  const imported = await gateways();
  expect((await bench.plan()).text).toContain("No changes.");

  // A claim goes into the state, and what an import does not bring.
  declare(60);
  await bench.apply();

  expect(await gateways()).toEqual(imported);
  expect((await bench.plan()).text).toContain("No changes.");
}, 120_000);

test("A plan without a change reads the list of gateways once", async () => {
  bench.synth((stack) => {
    for (const gatewayId of ["one", "two", "three"]) new AiGateway(stack, gatewayId, { gatewayId });
  });
  await bench.apply();
  bench.emulator.faults.record();

  expect((await bench.plan()).text).toContain("No changes.");

  const paths = bench.emulator.faults.calls.map(({ method, path }) => `${method} ${path}`);
  const list = `GET /accounts/${bench.emulator.accountId}/ai-gateway/gateways`;
  expect(paths.sort()).toEqual([list, `${list}/one`, `${list}/three`, `${list}/two`]);
}, 120_000);

test("A gateway whose creation was lost can be destroyed after the next apply", async () => {
  declare();
  bench.emulator.faults.add({ method: "POST", first: 1, answer: "lost" });
  await tryApply();
  bench.emulator.faults.clear();
  await bench.apply();

  const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

  expect(destroyed.stderr).toBe("");
  expect(await gateways()).toEqual([]);
}, 120_000);
