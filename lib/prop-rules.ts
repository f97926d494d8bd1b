import { isToken } from "./terraform-text.js";

/** One row of a validation table: when it is wrong, and what to say. */
export interface Rule<Subject> {
  /** Stable name; `docs/errors.md` lists it. */
  readonly name: string;
  /** What is wrong with the subject, or undefined. */
  readonly check: (subject: Subject) => string | undefined;
}

/** All that is wrong with a subject, in the table's order. */
export function applyRules<Subject>(
  rules: readonly Rule<Subject>[],
  subject: Subject,
): readonly string[] {
  const problems: string[] = [];
  for (const { check } of rules) {
    const problem = check(subject);
    if (problem !== undefined) {
      problems.push(problem);
    }
  }
  return problems;
}

/** A value as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === "string" || typeof value === "boolean") {
    return JSON.stringify(value);
  }
  if (typeof value === "number" || value === null || value === undefined) {
    return String(value);
  }
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}

/** The one form of all messages about a single prop. */
export const wrongValue = (prop: string, got: unknown, allowed: string): string =>
  `${prop}: got ${show(got)}; allowed is ${allowed}.`;

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** A whole number within bounds; not set and tokens are fine. */
export function checkInteger(
  prop: string,
  value: unknown,
  { min, max, unit }: NumberBounds,
): string | undefined {
  if (value === undefined || (Number.isInteger(value) && within(value as number, min, max))) {
    return undefined;
  }
  if (isToken(value)) {
    return undefined;
  }
  const range =
    max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max.toLocaleString("en-US")}`;
  return wrongValue(prop, value, `a whole number of ${unit}, ${range}`);
}

const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;

/** One of a few words; not set and tokens are fine. */
export function checkWord(
  prop: string,
  value: unknown,
  words: readonly string[],
): string | undefined {
  if (value === undefined || words.includes(value as string) || isToken(value)) {
    return undefined;
  }
  return wrongValue(prop, value, words.map((word) => JSON.stringify(word)).join(" or "));
}

/** true or false; not set and tokens are fine. */
export function checkBoolean(prop: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "boolean" || isToken(value)) {
    return undefined;
  }
  return wrongValue(prop, value, "true or false");
}

/** The first name that is no prop: a slip of the pen that plain JavaScript lets through. */
export function checkNames(props: object, names: ReadonlySet<string>): string | undefined {
  for (const name of Object.keys(props)) {
    if (!names.has(name)) {
      return `${name}: there is no such prop; the props are ${[...names].join(", ")}.`;
    }
  }
  return undefined;
}
