import { show } from "../prop-rules.js";
import type { LooseElement } from "./route-paths.js";

/** One row of the table: what is wrong with a graph, one message each. */
export interface RouteGraphRule {
  /** Stable name; `docs/errors.md` lists it. */
  readonly name: string;
  /** Whether it is about the graph as a whole: where an element has no form, it would find what is not so. @default false */
  readonly whole?: boolean;
  readonly check: (elements: readonly LooseElement[]) => readonly string[];
}

/** The one form of messages about an element. */
export const wrongElement = (
  { id }: LooseElement,
  part: string,
  got: unknown,
  allowed: string,
): string => `graph: ${part} of ${show(id)}: got ${show(got)}; allowed is ${allowed}.`;
