/** How many sets of a gateway's props are tried: `PROPERTY_RUNS=10000 npx jest test/property` tries more. */
export const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 1_000);

/**
 * How many of those that synthesize Terraform plans, too: all of them, where somebody asks for a number of runs. A plan
 * of a gateway with everything takes longer than a hundred of its syntheses.
 */
export const propertyPlans = Number(process.env.PROPERTY_PLANS ?? process.env.PROPERTY_RUNS ?? 90);

/** The same sets at each run; another `PROPERTY_SEED` makes others. */
export const seed = Number(process.env.PROPERTY_SEED ?? 5);
