import { Testing } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { UsageError } from "../../lib/index.js";
import { shorten } from "../../lib/prop-rules.js";
import { newStack } from "../lib/new-stack.js";
import { realize } from "./placeholders.js";

export type PropSet = Readonly<Record<string, unknown>>;

/** Declares what is proved, with props that may be anything. */
export type Declare = (scope: Construct, id: string, props: never) => IConstruct;

export interface Verdict {
  readonly accepted: boolean;
  /** Props that problems name. */
  readonly named: readonly string[];
}

const heading = "Validation failed with the following errors:";
const advice = /\s*If you wish to ignore these validations, pass [^\n]*\s*$/;

/**
 * What synth makes of a construct with these props: it synthesizes, or reports problems of which each is a line that
 * names the construct and a prop that was given, or one that is missing.
 *
 * @param required Props that must be given
 * @throws whatever else happens
 */
export function judge(declare: Declare, props: PropSet, required: readonly string[] = []): Verdict {
  const stack = newStack();
  const names = [...Object.keys(props), ...required];
  try {
    declare(stack, "subject", realize(stack, props, "part") as never);
    JSON.parse(Testing.synth(stack, true));
    return { accepted: true, named: [] };
  } catch (error) {
    const { message } = error as Error;
    const isReport = message.startsWith(heading);
    if (!(error instanceof UsageError) && !isReport) throw error;
    const lines = message
      .slice(isReport ? heading.length : 0)
      .replace(advice, "")
      .trim()
      .split("\n");
    return { accepted: false, named: lines.map((line) => nameIn(line.trim(), names)) };
  }
}

function nameIn(line: string, names: readonly string[]): string {
  const named = names
    .filter((prop) => {
      const start = `[chat/subject] ${inMessages(prop)}`;
      return line.startsWith(start) && /^[:.[]/.test(line.slice(start.length));
    })
    .sort((a, b) => b.length - a.length)[0];
  if (named === undefined) {
    throw new Error(`This line names no prop that was given: ${JSON.stringify(line)}`);
  }
  return named;
}

const inMessages = (prop: string): string =>
  shorten(prop).replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
