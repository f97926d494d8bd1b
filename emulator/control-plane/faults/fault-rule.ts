import { z } from "zod";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Which of the calls that match are struck; a rule has at most one of these. */
const turns = ["every", "first", "nth", "from"] as const;

const allowedAnswer = 'allowed is a status from 400 to 599, "cut" or "lost"';

const isFault = (status: number): boolean => status >= 400 && status <= 599;

const count = z.number().int().min(1).max(1_000_000);

/** A rule as somebody writes it, in the option, the environment or a call. */
export const faultRuleSchema = z
  .strictObject({
    method: z.enum(methods).optional(),
    path: z.string().min(1).max(500).regex(/^[/*]/, 'must begin with "/" or "*"').optional(),
    every: count.optional(),
    first: count.optional(),
    nth: count.optional(),
    from: count.optional(),
    answer: z
      .union(
        [z.number().int().refine(isFault, allowedAnswer), z.enum(["cut", "lost"])],
        allowedAnswer,
      )
      .optional(),
    retryAfter: z.number().int().min(0).max(3_600).optional(),
    delayMs: z.number().int().min(1).max(600_000).optional(),
  })
  .superRefine((rule, context) => {
    const fault = (message: string) => context.addIssue({ code: "custom", message });
    if (turns.filter((turn) => rule[turn] !== undefined).length > 1) {
      fault(`at most one of ${turns.join(", ")} says which calls are struck`);
    }
    if (rule.answer === undefined && rule.delayMs === undefined) {
      fault("needs answer, delayMs or both: what happens to a call");
    }
    if (rule.retryAfter !== undefined && typeof rule.answer !== "number") {
      fault("retryAfter goes with a status in answer");
    }
  });

/**
 * What happens to which calls of the REST API. The counting begins when the rule is added and counts
 * the calls that match `method` and `path`, the first being 1.
 */
export interface FaultRule {
  /** @default any method */
  readonly method?: (typeof methods)[number];
  /**
   * Path below `/client/v4`, without a query; `*` stands for any text within a segment, `**` for any text.
   * @default any path
   */
  readonly path?: string;
  /** Strikes each call whose number is a multiple of it. @default 1, all of them */
  readonly every?: number;
  /** Strikes so many calls, then none. */
  readonly first?: number;
  /** Strikes the one call of this number. */
  readonly nth?: number;
  /** Strikes this call and all after it. */
  readonly from?: number;
  /**
   * A status from 400 to 599 is answered and nothing is carried out; `"cut"` ends the connection and nothing
   * is carried out; `"lost"` carries the call out and then ends the connection without an answer.
   * @default the call's own answer
   */
  readonly answer?: number | "cut" | "lost";
  /** Seconds in a `Retry-After` header; only with a status. @default no such header */
  readonly retryAfter?: number;
  /** Milliseconds before anything else happens to the call. @default 0 */
  readonly delayMs?: number;
}

/** Which paths a pattern means. */
export function pathMatcher(pattern: string | undefined): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  const source = pattern
    .split(/(\*+)/)
    .map((part) => {
      if (part === "*") return "[^/]*";
      return part.startsWith("*") ? ".*" : part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&");
    })
    .join("");
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}

/** Whether a rule strikes the matching call of this number, from 1. */
export function strikes({ every = 1, first, nth, from }: FaultRule, number: number): boolean {
  if (first !== undefined) return number <= first;
  if (nth !== undefined) return number === nth;
  if (from !== undefined) return number >= from;
  return number % every === 0;
}

/** A rule as a line of the log: `every 3rd POST … is answered 503`. */
export function describeRule(rule: FaultRule): string {
  const { method = "call", path, every, first, nth, from, answer, delayMs, retryAfter } = rule;
  const which =
    first !== undefined
      ? `the first ${first}`
      : nth !== undefined
        ? `no. ${nth}`
        : from !== undefined
          ? `from no. ${from} on`
          : (every ?? 1) === 1
            ? "each"
            : `every ${every}.`;
  const what = [
    ...(delayMs === undefined ? [] : [`waits ${delayMs} ms`]),
    ...(answer === "cut" ? ["is cut off"] : []),
    ...(answer === "lost" ? ["is carried out and its answer lost"] : []),
    ...(typeof answer === "number" ? [`is answered ${answer}`] : []),
    ...(retryAfter === undefined ? [] : [`Retry-After ${retryAfter}`]),
  ];
  return `${which} ${method}${path === undefined ? "" : ` ${path}`}: ${what.join(", ")}`;
}
