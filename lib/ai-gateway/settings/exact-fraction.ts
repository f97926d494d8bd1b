/** Halves, quarters … of one: the grid near which allowed values are named. */
const STEPS = 16;

/**
 * Whether the decimal number that is written down is exactly the binary one that is computed with.
 * Terraform reads the decimal one with more digits, and the REST provider writes the binary one: where the
 * two differ, they differ in every plan.
 */
export function exactInBinary(value: number): boolean {
  const [digits = "", exponent = "0"] = value.toString().split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  // value = written / 10^places = written / (2^places * 5^places)
  const places = fraction.length - Number(exponent);
  return places <= 0 || BigInt(whole + fraction) % 5n ** BigInt(places) === 0n;
}

/** The nearest allowed values in sixteenths, below and above. */
export function nearestExact(value: number): readonly [below: number, above: number] {
  return [Math.floor(value * STEPS) / STEPS, Math.ceil(value * STEPS) / STEPS];
}
