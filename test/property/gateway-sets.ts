import fc, { type Arbitrary } from "fast-check";
import { gatewayBounds } from "../../protocol/gateway-settings.js";
import { gatewayArbitraries, publicKey } from "./gateway-arbitraries.js";
import type { PropSet } from "./judge.js";
import { anything, numberAround, oddText, spoilt } from "./odd-values.js";

const props = Object.keys(gatewayArbitraries) as (keyof typeof gatewayArbitraries)[];
const byProp: Readonly<Record<string, Arbitrary<unknown>>> = gatewayArbitraries;

/** Any of the props, each with a value that it takes by itself. */
const plausible: Arbitrary<PropSet> = fc.record(byProp, { requiredKeys: [] });

/** A value that may be wrong, for a prop that may not exist. */
const slip: Arbitrary<readonly [prop: string, value: unknown]> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...props).chain(wrongFor) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(fc.constant("cacheTTL"), oddText), anything) },
);

function wrongFor(prop: string): Arbitrary<readonly [string, unknown]> {
  const bounds = Object.entries(gatewayBounds).map(([, { min, max }]) => numberAround(min, max));
  return fc.tuple(
    fc.constant(prop),
    fc.oneof(anything, spoilt(byProp[prop] as Arbitrary<unknown>), fc.oneof(...bounds)),
  );
}

/**
 * Sets of props: such that fit together, such that may not, and such with slips of the pen. Wherever they come from,
 * nothing is said of whether they are right.
 */
export const gatewaySets: Arbitrary<PropSet> = fc.oneof(
  { weight: 5, arbitrary: plausible.map(complete) },
  { weight: 2, arbitrary: plausible },
  {
    weight: 4,
    arbitrary: fc
      .tuple(plausible.map(complete), fc.array(slip, { minLength: 1, maxLength: 2 }))
      .map(([set, slips]) => Object.fromEntries([...Object.entries(set), ...slips])),
  },
);

const isOff = (value: unknown): boolean => value === undefined || value === 0;

/** Adds what the props need of each other, and takes away what cannot stand beside another. */
function complete(given: PropSet): PropSet {
  const set: Record<string, unknown> = { ...given };
  if (set.gatewayProvider === "cloudflare") {
    for (const prop of ["byokOnly", "logClassification", "otel", "stripe", "retryDelay"]) {
      delete set[prop];
    }
    set.workersAiBillingMode = "postpaid";
  }
  if (
    !isOff(set.rateLimitingLimit) ||
    !isOff(set.rateLimitingInterval) ||
    set.rateLimitingTechnique
  ) {
    if (isOff(set.rateLimitingLimit)) set.rateLimitingLimit = 10;
    if (isOff(set.rateLimitingInterval)) set.rateLimitingInterval = 60;
  }
  if (set.retryDelay !== undefined || set.retryBackoff !== undefined) set.retryMaxAttempts ??= 2;
  if (set.collectLogs === false) {
    for (const prop of ["logManagement", "logManagementStrategy", "logClassification", "logpush"]) {
      delete set[prop];
    }
  }
  if (set.logpush === undefined || set.logpush === false) delete set.logpushPublicKey;
  else set.logpushPublicKey ??= publicKey;
  if (set.byokOnly === true && !set.storeId) set.storeId = "0123456789abcdef0123456789abcdef";
  return set;
}
