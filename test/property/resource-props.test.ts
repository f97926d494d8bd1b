import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { declareAround } from "./around-a-gateway.js";
import { judge } from "./judge.js";
import { anything, oddText, spoilt } from "./odd-values.js";
import { resourceRuns, seed } from "./property-runs.js";
import { type ResourceKind, resourceSets, resourceValues } from "./resource-arbitraries.js";

const kinds = Object.keys(resourceValues) as ResourceKind[];
const declare = declareAround();

describe.each(kinds)("the props of %s, whatever they are", (kind) => {
  test("synthesize, or are refused by the name of a prop", () => {
    const values = resourceValues[kind] as Readonly<Record<string, fc.Arbitrary<unknown>>>;
    const props = Object.keys(values);
    const slip = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom(...props).chain((prop) => {
          const wrong = fc.oneof(anything, spoilt(values[prop] as fc.Arbitrary<unknown>));
          return fc.tuple(fc.constant(prop), wrong);
        }),
      },
      { weight: 1, arbitrary: fc.tuple(fc.oneof(fc.constant("names"), oddText), anything) },
    );
    const sets = fc
      .tuple(resourceSets(kind), fc.array(slip, { maxLength: 2 }))
      .map(([set, slips]) => Object.fromEntries([...Object.entries(set), ...slips]));
    let accepted = 0;

    fc.assert(
      fc.property(sets, (set) => {
        if (judge(declare[kind], set, props).accepted) accepted++;
      }),
      { numRuns: resourceRuns, seed },
    );

    expect(accepted / resourceRuns).toBeGreaterThan(0.2);
    expect(accepted / resourceRuns).toBeLessThan(0.8);
  }, 1_800_000);
});
