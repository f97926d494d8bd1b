import { Construct } from "constructs";
import { didYouMean } from "./nearest-word.js";
import { isToken } from "./terraform-text.js";

/** One row of a validation table: when it is wrong, and what to say. */
export interface Rule<Props> {
  /** Stable name; `docs/errors.md` lists it. */
  readonly name: string;
  /** What is wrong, or undefined; several, where a prop has parts. */
  readonly check: (props: Props) => string | readonly string[] | undefined;
}

/** The rules of each prop, those that also look at other props included. A prop without rules does not compile. */
export type PropRules<Props> = { readonly [Prop in keyof Props]-?: readonly Rule<Props>[] };

/** All that is wrong with the props that are given. What only Terraform knows is not judged. */
export function applyRules<Props extends object>(
  rules: PropRules<Props>,
  props: Props,
): readonly string[] {
  const problems: string[] = [];
  for (const prop in props) {
    if (!Object.hasOwn(rules, prop)) {
      problems.push(unknownProp(prop, Object.keys(rules)));
      continue;
    }
    for (const { check } of rules[prop]) {
      const found = [check(props) ?? []].flat();
      problems.push(...found);
      // Refused as a value, it was meant as none: what it lacks beside it is no second mistake.
      if (props[prop] === null && found.length > 0) break;
    }
  }
  return problems.map(onOneLine);
}

/** A name that was made up may hold line breaks; a problem is a line among others. */
const onOneLine = (problem: string): string =>
  problem.replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** A slip of the pen that plain JavaScript lets through. */
export const unknownProp = (prop: string, known: readonly string[]): string =>
  `${shorten(prop)}: there is no such prop; the props are ${known.join(", ")}.${didYouMean(prop, known)}`;

/** The same for an object inside of a prop, a line for each key. */
export const unknownKeys = (
  at: string,
  value: object,
  known: readonly string[],
): readonly string[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${at}.${unknownProp(key, known)}`);

/** Characters of a text that a message shows: enough to find it by, and no file that somebody read into a prop. */
const SHOWN_LENGTH = 80;

/** A text as far as a message shows it. */
export const shorten = (text: string): string =>
  text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;

/** A value as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    const shown = JSON.stringify(shorten(value));
    return value.length <= SHOWN_LENGTH
      ? shown
      : `${shown} (${value.length.toLocaleString("en-US")} characters)`;
  }
  if (value === undefined) {
    // Mostly what was left out: nobody has written the word.
    return "nothing";
  }
  if (["number", "boolean"].includes(typeof value) || value === null) {
    return String(value);
  }
  if (typeof value === "function") {
    return "a function";
  }
  if (isPromise(value)) {
    return "a promise, which has to be awaited first";
  }
  if (Construct.isConstruct(value)) {
    return `the construct ${value.node.path}`;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty array" : "an array";
  }
  return `a value of type ${typeof value}`;
}

/** What an async function returns. */
export const isPromise = (value: unknown): boolean => tagOf(value) === "[object Promise]";

/** A value as a message shows it where a text may be a secret. */
export const showNoText = (value: unknown): string =>
  typeof value === "string" ? "a text" : show(value);

/** A name as a message shows it in a path such as `vars.NAME`; plain JavaScript may give one of any type. */
export const showName = (name: unknown): string =>
  typeof name === "string" ? shorten(name) : show(name);

/**
 * Whether it is an object whose keys are known at synth: no array, promise, date, construct or token. A module is one:
 * settings may have a file of their own.
 */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  ["[object Object]", "[object Module]"].includes(tagOf(value)) &&
  !Construct.isConstruct(value) &&
  !isToken(value);

/** What kind of object it is, whichever realm it comes from. */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

/** A number of a prop as a message shows it. */
export const showNumber = (value: number | undefined): string =>
  isToken(value) ? "a token" : show(value);

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
    max === Number.MAX_SAFE_INTEGER
      ? `${min} or more`
      : [min, max].map((bound) => bound.toLocaleString("en-US")).join(" to ");
  return wrongValue(prop, value, `a whole number of ${unit}, ${range}`);
}

const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;

/** One of a few words; not set and tokens are fine. */
export function checkWord(
  prop: string,
  value: unknown,
  words: readonly string[],
): string | undefined {
  return value === undefined ? undefined : requireWord(prop, value, words);
}

/** One of a few words; a token is fine. */
export function requireWord(
  prop: string,
  value: unknown,
  words: readonly string[],
): string | undefined {
  return words.includes(value as string) || isToken(value)
    ? undefined
    : wrongValue(prop, value, words.map((word) => JSON.stringify(word)).join(" or "));
}

/** true or false; not set and tokens are fine. */
export function checkBoolean(prop: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "boolean" || isToken(value)) {
    return undefined;
  }
  return wrongValue(prop, value, "true or false");
}
