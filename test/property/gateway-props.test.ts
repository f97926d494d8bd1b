import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AiGateway } from "../../lib/index.js";
import { gatewayArbitraries } from "./gateway-arbitraries.js";
import { gatewaySets } from "./gateway-sets.js";
import { type Declare, judge, type PropSet } from "./judge.js";
import { holdsMisplaced } from "./placeholders.js";
import { inBatches, planBatch } from "./plan-in-batches.js";
import { propertyPlans, propertyRuns, seed } from "./property-runs.js";

const declare: Declare = (stack, id, props) => new AiGateway(stack, id, props);

/** Terraform's time grows with the stack, a fifth of a second for each gateway: more in one is little gain. */
const BATCH = 40;

/** One batch of so many is applied, too. */
const APPLIED = 5;

describe("a gateway's props, whatever they are", () => {
  const accepted: PropSet[] = [];
  let refused = 0;
  const named = new Map<string, number>();

  test("synthesize, or are refused by the name of a prop that was given", () => {
    fc.assert(
      fc.property(gatewaySets, (props) => {
        const verdict = judge(declare, props);
        if (!verdict.accepted) refused++;
        else if (!holdsMisplaced(props)) accepted.push(props);
        for (const prop of verdict.named) named.set(prop, (named.get(prop) ?? 0) + 1);
      }),
      { numRuns: propertyRuns, seed },
    );
  }, 1_800_000);

  test("are often right and often wrong, each of them", () => {
    expect(accepted.length / propertyRuns).toBeGreaterThan(0.3);
    expect(refused / propertyRuns).toBeGreaterThan(0.3);
    const props = Object.keys(gatewayArbitraries);
    expect(props.filter((prop) => !accepted.some((set) => set[prop] !== undefined))).toEqual([]);
    expect(props.filter((prop) => !named.has(prop))).toEqual([]);
  });

  test("that synthesize are planned by Terraform as creations only; where they are applied, nothing is left to do", async () => {
    const batches = inBatches(
      accepted.slice(0, propertyPlans),
      BATCH,
      ({ gatewayId }) => gatewayId,
    );

    const failures: string[] = [];
    for (const [index, batch] of batches.entries()) {
      await planBatch(declare, batch, { apply: index % APPLIED === 0 }).catch((error: Error) =>
        failures.push(error.message),
      );
    }

    expect(failures).toEqual([]);
    expect(batches.flat().length).toBeGreaterThan(0.3 * Math.min(propertyRuns, propertyPlans));
  }, 3_600_000);
});
