import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  AiGateway,
  CustomDomain,
  Dataset,
  Evaluation,
  ProviderKey,
  SecretVariable,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;
let storeId: string;

/** What cannot be changed, all of it under the names it has. */
const declare = (changed: boolean) =>
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine", storeId });
    new ProviderKey(stack, "key", {
      gateway,
      providerSlug: "openai",
      secret: new SecretVariable(stack, "openai_api_key"),
      ...(changed ? { rateLimit: 100 } : {}),
    });
    new CustomDomain(stack, "domain", {
      gateway,
      hostname: "ai.example.com",
      zoneId: (changed ? "1" : "0").repeat(32),
    });
    const good = new Dataset(stack, "good", { gateway });
    const all = new Dataset(stack, "all", { gateway });
    new Evaluation(stack, "baseline", { gateway, datasets: changed ? [good, all] : [good] });
  });

beforeEach(async () => {
  bench = await Workbench.start();
  const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
  storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
  bench.variables.TF_VAR_openai_api_key = canary("a provider's key");
  declare(false);
  await bench.apply();
  // As if that were long ago: nothing is claimed any more.
  const state = await bench.readState();
  await writeState(state.replace(/("at": ")\d{4}-\d\d-\d\d/g, "$12020-01-01"));
  // A domain is told from the one before by its time alone, which is in whole seconds.
  await setTimeout(1_001);
}, 120_000);
afterEach(async () => {
  await bench.close();
});

const writeState = (text: string) => writeFile(bench.stateFile, text);
const kinds = ["provider_configs", "custom-domains", "evaluations"] as const;
const apply = () => bench.terraform("apply", "-auto-approve", "-no-color");

/** As they were made: the API does not tell all of it. */
async function settings() {
  const text = await readFile(join(bench.directory, "emulator", "state.json"), "utf8");
  const { products } = JSON.parse(text) as { products: Record<string, Record<string, unknown>[]> };
  return {
    limits: products.provider_configs?.map(({ rate_limit = null }) => rate_limit),
    zones: products.gateway_domains?.map(({ zone_id }) => String(zone_id)[0]),
    evaluated: products.evaluations?.map(({ dataset_ids }) => (dataset_ids as string[]).length),
  };
}
const changed = { limits: [100], zones: ["1"], evaluated: [2] };

test("What is replaced under its name and its answer lost is adopted by the next apply", async () => {
  // GIVEN replacements that are made while nobody learns of them
  declare(true);
  for (const kind of kinds) {
    const path = `**/${kind}`;
    bench.emulator.faults.add({ method: "POST", path, nth: 1, answer: "lost" });
    bench.emulator.faults.add({ method: "POST", path, answer: 403 });
  }
  expect((await apply()).code).toBe(1);
  expect(await settings()).toEqual(changed);
  const ids = await allIds();

  // WHEN it is deployed again
  bench.emulator.faults.clear();
  const { text } = await bench.plan();
  await bench.apply();

  // THEN they are the same objects, and nothing is left to do
  expect(text).toContain("Plan: 3 to import");
  expect(await allIds()).toEqual(ids);
  expect((await bench.plan()).changes).toEqual([]);
}, 240_000);

test("What is still to be replaced when a deploy ends too early is replaced by the next one", async () => {
  // GIVEN a deploy that gets no further than to the deletions
  declare(true);
  for (const kind of kinds) {
    bench.emulator.faults.add({ method: "DELETE", path: `**/${kind}/*`, answer: 403 });
  }
  expect((await apply()).code).toBe(1);
  bench.emulator.faults.clear();

  // WHEN
  await bench.apply();

  // THEN
  expect(await settings()).toEqual(changed);
  expect((await bench.plan()).changes).toEqual([]);
}, 240_000);

async function allIds(): Promise<unknown> {
  const lists = await Promise.all(
    kinds.map((kind) => bench.api("GET", `/ai-gateway/gateways/mine/${kind}`)),
  );
  return lists.map(({ body }) =>
    (body.result as Record<string, unknown>[]).map(({ id, created_at }) => [id, created_at]),
  );
}
