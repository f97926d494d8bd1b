import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { FaultRule } from "../../emulator/index.js";
import { AiGateway } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

const GATEWAYS = 20;

let bench: Workbench;

beforeEach(async () => {
  bench = await Workbench.start();
}, 60_000);
afterEach(async () => {
  await bench.close();
});

const ids = Array.from({ length: GATEWAYS }, (_, index) => `gateway-${index + 1}`);
const declare = (cacheTtl: number) =>
  bench.synth((stack) => {
    for (const gatewayId of ids) new AiGateway(stack, gatewayId, { gatewayId, cacheTtl });
  });
const existing = async () => {
  const { body } = await bench.api("GET", "/ai-gateway/gateways?per_page=50");
  return (body.result as { id: string; cache_ttl: number }[]).sort((a, b) =>
    ids.indexOf(a.id) > ids.indexOf(b.id) ? 1 : -1,
  );
};
/** Rules that no call has met: a test of them would have shown nothing. */
const unmet = () => bench.emulator.faults.rules.filter((one) => one.struck === 0);
const struck = () => bench.emulator.faults.calls.filter((call) => call.struck).length;

const faults: readonly (readonly [string, FaultRule])[] = [
  ["429", { every: 3, answer: 429, retryAfter: 1 }],
  ["503", { every: 3, answer: 503 }],
  ["a cut connection", { every: 3, answer: "cut" }],
  ["a delay of 3 s", { every: 3, delayMs: 3_000 }],
];

test.each(faults)(
  "20 gateways are deployed while every third call meets %s",
  async (_, rule) => {
    // GIVEN an API whose every third call fails
    declare(60);
    bench.emulator.faults.add(rule);

    // WHEN they are deployed
    await bench.apply();

    // THEN all are there, as declared, and nothing is left to do
    expect(struck()).toBeGreaterThan(GATEWAYS / 2);
    bench.emulator.faults.clear();
    expect((await existing()).map(({ id, cache_ttl }) => [id, cache_ttl])).toEqual(
      ids.map((id) => [id, 60]),
    );
    expect((await bench.plan()).changes).toEqual([]);
  },
  240_000,
);

test("20 gateways are changed while every third call meets any of them in turn", async () => {
  // GIVEN gateways that are there, and an API that fails in turn in all ways
  declare(60);
  await bench.apply();
  bench.emulator.faults.add(
    { every: 12, answer: "lost" },
    { every: 9, answer: "cut" },
    { every: 6, answer: 503 },
    { every: 3, answer: 429 },
  );

  // WHEN all are changed
  declare(300);
  await bench.apply();

  // THEN all are as declared: a change that is sent again is the same change
  expect(unmet()).toEqual([]);
  bench.emulator.faults.clear();
  expect(new Set((await existing()).map(({ cache_ttl }) => cache_ttl))).toEqual(new Set([300]));
  expect((await bench.plan()).changes).toEqual([]);
}, 240_000);

test("20 gateways are deployed while every third answer is lost, by applying again", async () => {
  // GIVEN an API that carries every third call out and does not say so
  declare(60);
  bench.emulator.faults.add({ every: 3, answer: "lost" });

  // WHEN it is deployed until a deploy succeeds: a creation sent again meets what it made
  await bench.terraform("init", "-no-color");
  let applies = 0;
  for (let code = 1; code !== 0 && applies < 5; applies += 1) {
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");
    code = applied.code;
    if (code !== 0) expect(applied.stderr).toContain("already exists");
  }

  // THEN the second deploy has adopted what the first one made
  expect(applies).toBe(2);
  expect(unmet()).toEqual([]);
  bench.emulator.faults.clear();
  expect((await existing()).map(({ id }) => id)).toEqual(ids);
  expect((await bench.plan()).changes).toEqual([]);
}, 240_000);
