import { createHash } from "node:crypto";
import { isToken } from "../../terraform-text.js";

/**
 * Eight digits that stay the same while what they stand for does, whatever the order of its keys. Tokens
 * count as equal: their placeholders are others whenever the program changes.
 */
export function shortHash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 8);
}

function sorted(value: unknown): unknown {
  if (isToken(value)) return "a token";
  if (Array.isArray(value)) return value.map(sorted);
  // What plain JavaScript lets through is reported elsewhere: it may lead back to itself, and is not walked.
  if (typeof value === "bigint") return String(value);
  if (!(value instanceof Object)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return "no plain object";
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, sorted(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
