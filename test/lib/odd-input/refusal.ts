import { type TerraformStack, Testing } from "cdktf";
import { UsageError } from "../../../lib/index.js";
import { newStack } from "../new-stack.js";

/** Longest line that somebody reads. */
const LONGEST_LINE = 1_200;

/**
 * What a synth says of a declaration, one problem a line, each behind its construct's path; empty where it is fine.
 * @throws whatever is no message for a user, and lines that nobody can read
 */
export function refusalOf(declare: (stack: TerraformStack) => unknown): readonly string[] {
  const stack = newStack();
  try {
    declare(stack);
    Testing.synth(stack, true);
    return [];
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof UsageError) && !message.startsWith("Validation failed")) throw error;
    const lines = message.split("\n").map((line) => line.trim());
    const problems = lines.filter((line) => line.startsWith("["));
    const unread = problems.find((line) => line.length > LONGEST_LINE);
    if (problems.length === 0 || unread !== undefined) {
      throw new Error(`No message for a user: ${(unread ?? message).slice(0, 300)}`);
    }
    return problems;
  }
}

/** Values that plain JavaScript lets through, each made anew. */
export const oddValues: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  "a number": () => 5.5,
  NaN: () => Number.NaN,
  "an empty text": () => "",
  "a text": () => "no such thing!",
  "a long text": () => "x".repeat(5_000),
  "an array": () => [],
  "an array of null": () => [null],
  "an array of objects": () => [{}],
  "an object": () => ({ odd: null }),
  "a promise": () => Promise.resolve({}),
  "a function": () => () => ({}),
  "a symbol": () => Symbol("odd"),
  "a bigint": () => 1n,
  "a date": () => new Date(0),
  "an object without a prototype": () => Object.assign(Object.create(null), { odd: 1 }),
  "an object that holds itself": () => {
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    return circle;
  },
};

/** What is refused at once. */
export function thrownBy(declare: () => unknown): readonly string[] {
  try {
    declare();
    return [];
  } catch (error) {
    if (error instanceof UsageError) return [error.message];
    throw error;
  }
}
