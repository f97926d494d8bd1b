import { didYouMean, nearestWord } from "../nearest-word.js";
import { isRecord, shorten, show, unknownKeys } from "../prop-rules.js";
import type { RouteElement } from "./route-element.js";
import type { RouteNode } from "./route-graph.js";

/** What was wrong with the calls that made a graph, and the same graph as if nothing of that were wrong. */
interface WrongCalls {
  readonly problems: readonly string[];
  readonly otherwise: readonly RouteElement[];
}

const wrongCalls = new WeakMap<object, WrongCalls>();

/**
 * Keeps what was wrong with the calls that made a graph, so that synth says it with the route's path.
 * @returns a graph that is refused also where a copy of it is declared
 */
export function withWrongCalls(
  graph: readonly RouteElement[],
  problems: readonly string[],
): readonly RouteElement[] {
  if (problems.length === 0) return graph;
  const refused = graph.map((element) =>
    element.type === "start" ? ({ ...element, outputs: {} } as unknown as RouteElement) : element,
  );
  wrongCalls.set(refused, { problems, otherwise: graph });
  return refused;
}

/** What was wrong with the calls of {@link routeGraph} and its builder that made a graph. */
export const graphProblemsOf = (graph: object): readonly string[] =>
  wrongCalls.get(graph)?.problems ?? [];

/** The graph that is judged: what only follows from wrong calls is not said. */
export const withoutWrongCalls = (graph: readonly RouteElement[]): readonly RouteElement[] =>
  wrongCalls.get(graph)?.otherwise ?? graph;

/** Ends the path; in place of a step that is none, too, for nothing is wrong with it. */
export const end: RouteNode = { type: "end", outputs: {} };

/** What JavaScript itself asks of any object, for JSON and `await`. */
const questions: readonly PropertyKey[] = ["toJSON", "then"];

/** An object that a method of the builder takes. */
export interface RecordForm<Value extends object> {
  /** How the method is called: `g.model`. */
  readonly place: string;
  /** Its form, as the end of "allowed is …". */
  readonly allowed: string;
  /** What goes on in place of what is wrong. */
  readonly harmless: Partial<Value>;
  /** Its keys. @default any */
  readonly known?: readonly (keyof Value & string)[];
}

/**
 * Looks at what plain JavaScript gives to the builder. What is wrong is noted, and something harmless goes on: what is
 * wrong elsewhere in the graph is said with it, and nothing that only follows from it.
 */
export class RouteGraphInput {
  readonly problems: string[] = [];

  /** The same builder, with an answer to methods that it does not have. */
  guard<Builder extends object>(builder: Builder): Builder {
    const methods = Object.keys(builder);
    return new Proxy(builder, {
      get: (target, name) => {
        if (typeof name === "symbol" || name in target || questions.includes(name)) {
          return Reflect.get(target, name);
        }
        return () => {
          const there = methods.map((method) => `g.${method}`);
          this.problems.push(
            `graph: g.${shorten(name)}: there is no such step; the steps are ${there.join(", ")}.${didYouMean(name, methods, (meant) => `g.${meant}`)}`,
          );
          return end;
        };
      },
    });
  }

  record<Value extends object>(
    value: Value,
    { place, allowed, harmless, known }: RecordForm<Value>,
  ): Value | Partial<Value> {
    if (!isRecord(value)) {
      this.#note(place, value, allowed);
      return harmless;
    }
    if (known === undefined) return value;
    this.problems.push(...unknownKeys(`graph: ${place}`, value, known));
    // What was meant by a slip of the pen is not missing.
    const meant = Object.keys(value).map((key) => nearestWord(key, known));
    const given = Object.entries(harmless).filter(([key]) => meant.includes(key));
    return { ...(Object.fromEntries(given) as Partial<Value>), ...value };
  }

  /** The steps of an object; what is left out stays so. */
  steps(value: object, place: string, names = Object.keys(value)): RouteNode["outputs"] {
    return Object.fromEntries(
      names.map((name) => [name, this.step(value[name as keyof typeof value], `${place}.${name}`)]),
    );
  }

  step(value: unknown, place: string): RouteNode | undefined {
    if (value === undefined || isNode(value)) return value;
    this.#note(place, value, "a step, such as g.model({ … }) or g.end()");
    return end;
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
