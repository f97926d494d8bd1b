import { durationInSeconds } from "./duration.js";
import { isToken } from "./terraform-text.js";

/** Longest span that is counted over without a question, in seconds: a year. */
const YEAR = 31_536_000;

/** Most that is counted to without a question, requests or dollars. */
const BILLION = 1_000_000_000;

/** A span over which nobody counts, which may be milliseconds. No bound is documented, so it is no mistake. */
export function longSpan(prop: string, span: unknown): readonly string[] {
  const seconds = isToken(span) ? undefined : durationInSeconds(span as never);
  return typeof seconds === "number" && seconds > YEAR
    ? [
        `${prop}: got ${seconds.toLocaleString("en-US")} seconds, which is more than a year: what was counted would hardly ever be forgotten, and Cloudflare may refuse it. Set a shorter one.`,
      ]
    : [];
}

/** A limit that nobody reaches. No bound is documented, so it is no mistake. */
export const hugeNumber = (prop: string, value: unknown): readonly string[] =>
  typeof value === "number" && value > BILLION && !isToken(value)
    ? [
        `${prop}: got ${value.toLocaleString("en-US")}, which nothing reaches: it limits nothing, and Cloudflare may refuse it. Set a lower one, or remove the limit.`,
      ]
    : [];
