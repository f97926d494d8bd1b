import { isRecord, show, unknownKeys } from "../prop-rules.js";
import type { RouteNode } from "./route-graph.js";

/** Graphs that came of a wrong call → what was wrong, for the route they are given to. */
const problemsOfGraphs = new WeakMap<object, readonly string[]>();

/** Keeps what was wrong with the calls that made a graph, so that synth says it with the route's path. */
export function keepGraphProblems(graph: object, problems: readonly string[]): void {
  if (problems.length > 0) problemsOfGraphs.set(graph, problems);
}

/** What was wrong with the calls of {@link routeGraph} and its builder that made a graph. */
export const graphProblemsOf = (graph: unknown): readonly string[] =>
  typeof graph === "object" && graph !== null ? (problemsOfGraphs.get(graph) ?? []) : [];

/** Looks at what plain JavaScript gives to the builder. What is wrong is noted, and something harmless goes on. */
export class RouteGraphInput {
  readonly problems: string[] = [];

  /** An object of the one form that is named; an empty one in place of anything else. */
  record<Value extends object>(
    value: Value,
    place: string,
    allowed: string,
    known?: readonly (keyof Value & string)[],
  ): Value | Partial<Value> {
    if (isRecord(value)) {
      if (known !== undefined) this.problems.push(...unknownKeys(`graph: ${place}`, value, known));
      return value;
    }
    this.#note(place, value, allowed);
    return {};
  }

  /** The steps of an object; what is left out stays so, and what is none is left out. */
  steps(value: object, place: string, names = Object.keys(value)): RouteNode["outputs"] {
    return Object.fromEntries(
      names.map((name) => [name, this.step(value[name as keyof typeof value], `${place}.${name}`)]),
    );
  }

  step(value: unknown, place: string): RouteNode | undefined {
    if (value === undefined || isNode(value)) return value;
    this.#note(place, value, "a step, such as g.model({ … }) or g.end()");
    return undefined;
  }

  id(value: unknown, place: string): string | undefined {
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.#note(`${place}.id`, value, "a text that is not empty");
    return undefined;
  }

  #note(place: string, got: unknown, allowed: string): void {
    this.problems.push(`graph: ${place}: got ${show(got)}; allowed is ${allowed}.`);
  }
}

const isNode = (value: unknown): value is RouteNode =>
  isRecord(value) && typeof value.type === "string" && isRecord(value.outputs);
