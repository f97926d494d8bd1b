import { exactInBinary, nearestExact } from "./ai-gateway/settings/exact-fraction.js";
import { isToken } from "./terraform-text.js";

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
  const near = nearestExact(value).filter((offer) => offer !== 0);
  return `${prop}: got ${value}, which is never read back as the same number, so that every plan would show a change; allowed are whole numbers and fractions of a power of two, such as ${near.join(" or ")}.`;
}
