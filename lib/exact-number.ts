import { isToken } from "./terraform-text.js";

/** Fineness of the numbers that a message offers: each is a binary fraction. */
const STEP = 1 / 128;

/**
 * A fraction that binary floating point cannot hold exactly, such as 0.1: the API's answer is read as another number
 * than the declared one, so every plan would show a change. Whole numbers, other values and tokens are fine.
 */
export function checkExactNumber(prop: string, value: unknown): string | undefined {
  if (typeof value !== "number" || !Number.isFinite(value) || isToken(value) || isExact(value)) {
    return undefined;
  }
  const below = Math.floor(value / STEP) * STEP;
  const near = [below, below + STEP].filter((offer) => offer !== 0 && isExact(offer));
  return `${prop}: got ${value}, which is never read back as the same number, so that every plan would show a change; allowed are whole numbers and fractions of a power of two, such as ${near.join(" or ")}.`;
}

/** Whether a number's shortest decimal text is its exact value. */
function isExact(value: number): boolean {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const places = fraction.length - Number(exponent);
  return places <= 0 || BigInt(whole + fraction) % 5n ** BigInt(places) === 0n;
}
