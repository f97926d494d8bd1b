import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type ResourceChange, Workbench } from "../e2e/workbench.js";
import { complaints } from "./plan-in-batches.js";
import { resourcePlans, seed } from "./property-runs.js";
import {
  type Around,
  kinds,
  makeStore,
  sampleAround,
  synthAround,
  unprotected,
} from "./stack-around-gateways.js";

/** Gateways of a stack, each with one of each kind around it. */
const BATCH = 10;

/** So many of them are applied, too, and changed: that takes about nine times as long as their plan. */
const APPLIED = 3;

const sets = sampleAround(2 * resourcePlans, seed);
const inBatches = (all: readonly Around[]) =>
  Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) =>
    all.slice(index * BATCH, (index + 1) * BATCH),
  );
const batches = inBatches(sets.slice(0, resourcePlans));
const changed = inBatches(sets.slice(resourcePlans));

describe("the props of what stands around gateways, as they synthesize", () => {
  test("are planned by Terraform as creations only", async () => {
    const failures: string[] = [];
    for (const batch of batches) {
      await withStore([batch], async (bench, storeId) => {
        synthAround(bench, storeId, batch);
        const { changes } = await quietPlan(bench);
        expect(changes.filter(({ change }) => change.actions.join() !== "create")).toEqual([]);
        expect(changes.length).toBeGreaterThan(batch.length * kinds.length);
      }).catch((error: Error) => failures.push(error.message));
    }

    expect(failures).toEqual([]);
  }, 3_600_000);

  test("are applied with nothing left to do, and changed to others: in place where the API can", async () => {
    const failures: string[] = [];
    for (const [index, batch] of batches.entries()) {
      const before = batch.slice(0, APPLIED).map(unprotected);
      const after = (changed[index] ?? []).slice(0, APPLIED).map(unprotected);
      await withStore([before, after], async (bench, storeId) => {
        synthAround(bench, storeId, before);
        await quietApply(bench);
        expect((await quietPlan(bench)).changes.map(shown)).toEqual([]);

        const { changeable, immutable } = synthAround(bench, storeId, after);
        const { changes } = await quietPlan(bench);
        const actions = new Map(changes.map(({ address, change }) => [address, change.actions]));
        const changing = changeable.filter((address) => actions.has(address));
        expect(changing.length).toBeGreaterThan(changeable.length / 2);
        expect(changing.filter((address) => actions.get(address)?.join() !== "update")).toEqual([]);
        expect(immutable.filter((address) => actions.get(address)?.includes("update"))).toEqual([]);
        await quietApply(bench);
        expect((await quietPlan(bench)).changes.map(shown)).toEqual([]);
      }).catch((error: Error) => failures.push(error.message));
    }

    expect(failures).toEqual([]);
  }, 3_600_000);
});

const shown = ({ address, change }: ResourceChange): string =>
  `${address}: ${change.actions.join()}`;

/** @throws with the sets that a message names by the number of their gateway */
async function withStore(
  stacks: readonly (readonly Around[])[],
  prove: (bench: Workbench, storeId: string) => Promise<void>,
): Promise<void> {
  const bench = await Workbench.start();
  try {
    // Terraform collects its garbage less often: a quarter less processor time.
    bench.variables.GOGC = "400";
    await prove(bench, await makeStore(bench));
  } catch (error) {
    const said = (error as Error).message.slice(0, 6_000);
    const named = new Set([...said.matchAll(/around-(\d+)/g)].map(([, index]) => Number(index)));
    const blamed = [...named]
      .slice(0, 2)
      .flatMap((index) => stacks.map((arounds) => fc.stringify(arounds[index])));
    throw new Error([said, ...blamed].join("\n"));
  } finally {
    await bench.close();
  }
}

async function quietPlan(bench: Workbench) {
  const planned = await bench.plan();
  expect(planned.text).not.toContain("Warning: ");
  return planned;
}

async function quietApply(bench: Workbench): Promise<void> {
  expect(complaints(await bench.apply())).toBe("");
}
