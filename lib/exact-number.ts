import { isToken } from "./terraform-text.js";

/** Halves, quarters … of one: the grid near which allowed values are named. */
const STEPS = 16;

/**
 * A fraction that binary floating point cannot hold exactly, such as 0.1: the API's answer is read as another number
 * than the declared one, so every plan would show a change. Whole numbers, other values and tokens are fine.
 */
export function checkExactNumber(prop: string, value: unknown): string | undefined {
  if (
    typeof value !== "number" ||
    !Number.isFinite(value) ||
    isToken(value) ||
    exactInBinary(value)
  ) {
    return undefined;
  }
  // Zero is another thing to most settings: off, or nothing allowed.
  const near = nearestExact(value).filter((offer) => offer !== 0);
  return `${prop}: got ${value}, which is never read back as the same number, so that every plan would show a change; allowed are whole numbers and fractions of a power of two, such as ${near.join(" or ")}.`;
}

/**
 * Whether the decimal number that is written down is exactly the binary one that is computed with.
 * Terraform reads the decimal one with more digits, and the REST provider writes the binary one: where the
 * two differ, they differ in every plan.
 */
function exactInBinary(value: number): boolean {
  const [digits = "", exponent = "0"] = value.toString().split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  // value = written / 10^places = written / (2^places * 5^places)
  const places = fraction.length - Number(exponent);
  return places <= 0 || BigInt(whole + fraction) % 5n ** BigInt(places) === 0n;
}

/** The nearest allowed values in sixteenths, below and above. */
const nearestExact = (value: number): readonly number[] => [
  Math.floor(value * STEPS) / STEPS,
  Math.ceil(value * STEPS) / STEPS,
];
