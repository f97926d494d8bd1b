/** How many sets of a gateway's props are tried: `PROPERTY_RUNS=10000 npx jest test/property` tries more. */
export const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 1_000);

/**
 * How many of those that synthesize Terraform plans, too: all of them with `PROPERTY_PLANS=all`, or where somebody asks for a number of runs. A plan
 * of a gateway with everything takes longer than a hundred of its syntheses.
 */
export const propertyPlans = plansOf(
  process.env.PROPERTY_PLANS ?? process.env.PROPERTY_RUNS ?? "180",
);

/** How many sets of each kind around a gateway are tried at synth. */
export const resourceRuns = Math.ceil(propertyRuns / 10);

/** How many of these are planned: one of each kind around a gateway, which takes as long as many gateways. */
export const resourcePlans = Math.ceil(Math.min(resourceRuns, propertyPlans / 18));

function plansOf(asked: string): number {
  return asked === "all" ? Number.POSITIVE_INFINITY : Number(asked);
}

/** The same sets at each run; another `PROPERTY_SEED` makes others. */
export const seed = Number(process.env.PROPERTY_SEED ?? 5);
