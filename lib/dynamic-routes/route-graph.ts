import { type Duration, durationInSeconds } from "../duration.js";
import { isPromise, show } from "../prop-rules.js";
import {
  propertiesOf,
  type RouteConditions,
  type RouteEdge,
  type RouteElement,
  type RouteLimitType,
} from "./route-element.js";
import { end, RouteGraphInput, withWrongCalls } from "./route-graph-input.js";

/** A step of a route and all that follows it. The same value used twice is one step with two ways to it. */
export interface RouteNode {
  readonly type: Exclude<RouteElement["type"], "start">;
  /** @default the type, with a number where there are several */
  readonly id?: string;
  /** @default none: its type has no properties */
  readonly properties?: object;
  readonly outputs: Readonly<Record<string, RouteNode | undefined>>;
}

/** Where a step that succeeds or fails leads. What is left out is the end. */
export interface RouteOutcome {
  /** @default the end: the request has its answer */
  readonly success?: RouteNode;
  /** @default the end: the caller gets the failure */
  readonly fallback?: RouteNode;
}

/** Shares of the traffic in percent, up to five, and `else` for the rest: `{ 10: big, else: small }`. */
export interface RouteShares {
  readonly [percent: number]: RouteNode;
  /** @default none: the shares are 100 together */
  readonly else?: RouteNode;
}

export interface RouteRate {
  /** What is counted apart, such as "metadata.user". */
  readonly key: string;
  /** Requests, or US dollars where `limitType` is "cost"; more than 0. */
  readonly limit: number;
  /** The span it is counted over: seconds, or a text such as "1h". */
  readonly window: Duration;
  /** @default "count" */
  readonly limitType?: RouteLimitType;
}

export interface RouteModel {
  /** The provider's name in URLs, such as "openai" or "workers-ai". */
  readonly provider: string;
  /** The provider's own name of the model. */
  readonly model: string;
  /** Milliseconds until the answer has begun, 1 or more; afterwards the fallback is taken. @default 60000 */
  readonly timeout?: number;
  /** Tries after the first one, 0 to 5. @default 0 */
  readonly retries?: number;
}

/**
 * Makes the steps of a route. Each takes as its last argument an id of your own, which stays when the graph around it
 * changes; without one it is the type and a number, in the order of the graph.
 */
export interface RouteGraphBuilder {
  /** Asks a model. */
  model(model: RouteModel, outcome?: RouteOutcome, id?: string): RouteNode;
  /** Limits requests or costs; what is over the limit takes the fallback. */
  rate(rate: RouteRate, outcome: RouteOutcome, id?: string): RouteNode;
  /** Asks something of the request. */
  conditional(
    conditions: RouteConditions,
    branches: { readonly true: RouteNode; readonly false: RouteNode },
    id?: string,
  ): RouteNode;
  /** Divides the traffic. */
  percentage(shares: RouteShares, id?: string): RouteNode;
  /** Ends the path. */
  end(): RouteNode;
}

const example = {
  model: { provider: "openai", model: "gpt-4o" },
  rate: { key: "metadata.user", limit: 100, window: "1h" },
} as const satisfies { readonly model: RouteModel; readonly rate: RouteRate };

function makeBuilder(input: RouteGraphInput): RouteGraphBuilder {
  const outcomes = (outcome: RouteOutcome, place: string): RouteNode["outputs"] => {
    const names = ["success", "fallback"] as const;
    const allowed = "{ success: …, fallback: … } with steps";
    const given = input.record(outcome, { place, allowed, harmless: {}, known: names });
    const { success = end, fallback = end } = input.steps(given, place, [...names]);
    return { success, fallback };
  };
  return input.guard<RouteGraphBuilder>({
    model: (model, outcome = {}, id) => {
      const place = "g.model";
      const given = input.record(model, {
        place,
        allowed: '{ provider: "openai", model: "gpt-4o" }',
        harmless: example.model,
        known: propertiesOf.model,
      });
      const { provider, model: name, timeout = 60_000, retries = 0 } = given;
      const properties = { provider, model: name, timeout, retries };
      return node("model", outcomes(outcome, place), input.id(id, place), properties);
    },
    rate: (rate, outcome, id) => {
      const place = "g.rate";
      const given = input.record(rate, {
        place,
        allowed: '{ key: "metadata.user", limit: 100, window: "1h" }',
        harmless: example.rate,
        known: propertiesOf.rate,
      });
      const { key, limit, limitType = "count", window } = given;
      const seconds = durationInSeconds(window as Duration);
      const properties = { key, limit, limitType, window: seconds };
      return node("rate", outcomes(outcome, place), input.id(id, place), properties);
    },
    conditional: (conditions, branches, id) => {
      const place = "g.conditional";
      const names = ["true", "false"] as const;
      const allowed = "{ true: …, false: … } with steps";
      const harmless = { true: end, false: end };
      const given = input.record(branches, { place, allowed, harmless, known: names });
      const outputs = input.steps(given, place, [...names]);
      return node("conditional", outputs, input.id(id, place), { conditions });
    },
    percentage: (shares, id) => {
      const place = "g.percentage";
      const allowed = "{ 10: …, else: … } with steps";
      const given = input.record(shares, { place, allowed, harmless: { 100: end } });
      return node("percentage", named(input.steps(given, place)), input.id(id, place));
    },
    end: () => end,
  });
}

function node(
  type: RouteNode["type"],
  outputs: RouteNode["outputs"],
  id: string | undefined,
  properties?: object,
): RouteNode {
  return {
    type,
    outputs,
    ...(id === undefined ? {} : { id }),
    ...(properties === undefined ? {} : { properties }),
  };
}

const named = (shares: RouteNode["outputs"]): RouteNode["outputs"] =>
  Object.fromEntries(
    Object.entries(shares).map(([share, to]) => [share === "else" ? share : `${share}%`, to]),
  );

/**
 * A dynamic route's graph, written from the start to the end. The same declaration always makes the same elements.
 *
 * What is wrong with it is reported at synth, by the {@link DynamicRoute} it is given to.
 *
 * @example
 * ```ts
 * const graph = routeGraph((g) => {
 *   const small = g.model({ provider: "workers-ai", model: "@cf/meta/llama-3.1-8b-instruct" });
 *   const big = g.model({ provider: "openai", model: "gpt-4o", timeout: 10_000 }, { fallback: small });
 *   return g.conditional(
 *     { "metadata.plan": { $eq: "free" } },
 *     {
 *       true: g.rate({ key: "metadata.user", limit: 100, window: "1h" }, { success: small }),
 *       false: g.percentage({ 10: small, else: big }),
 *     },
 *   );
 * });
 * ```
 */
export function routeGraph(build: (g: RouteGraphBuilder) => RouteNode): readonly RouteElement[] {
  const input = new RouteGraphInput();
  const first = firstStep(build, input);
  const ids = nameNodes(inOrder(first));
  const edge = (to: RouteNode): RouteEdge => ({ elementId: ids.get(to) as string });
  const elements = [...ids].map(([{ type, properties, outputs }, id]) => ({
    id,
    type,
    ...(properties === undefined ? {} : { properties }),
    outputs: Object.fromEntries(
      Object.entries(outputs).flatMap(([name, to]) => (to ? [[name, edge(to)]] : [])),
    ),
  }));
  const start = {
    id: START,
    type: "start",
    outputs: { next: edge(first) },
  };
  const graph = [start, ...elements] as unknown as readonly RouteElement[];
  return withWrongCalls(graph, input.problems);
}

/** Where the graph begins; one that has no beginning, which is noted, ends at once. */
function firstStep(build: (g: RouteGraphBuilder) => RouteNode, input: RouteGraphInput): RouteNode {
  if (typeof build !== "function") {
    input.problems.push(
      `graph: routeGraph: got ${show(build)}; allowed is a function that returns the first step, such as (g) => g.model({ … }).`,
    );
    return end;
  }
  const returned: unknown = build(makeBuilder(input));
  if (isPromise(returned)) {
    input.problems.push(
      "graph: routeGraph: got an async function; allowed is one that returns the first step, such as (g) => g.model({ … }). Remove async; await what you need before routeGraph.",
    );
    return end;
  }
  if (returned === undefined) {
    input.problems.push(
      "graph: routeGraph: got a function that returns nothing; allowed is one that returns the first step, such as (g) => g.model({ … }). Write return before the step.",
    );
  }
  return input.step(returned, "routeGraph: the function's result") ?? end;
}

const START = "start";

/** Each node before what follows it, the end last. */
function inOrder(first: RouteNode): readonly RouteNode[] {
  const seen = new Set<RouteNode>();
  const visit = (at: RouteNode): void => {
    if (seen.has(at)) return;
    seen.add(at);
    for (const next of Object.values(at.outputs)) {
      if (next !== undefined) visit(next);
    }
  };
  visit(first);
  const ends = [...seen].filter(({ type }) => type === "end");
  return [...[...seen].filter(({ type }) => type !== "end"), ...ends];
}

function nameNodes(nodes: readonly RouteNode[]): ReadonlyMap<RouteNode, string> {
  const taken = new Set([START, ...nodes.flatMap(({ id }) => id ?? [])]);
  const free = (type: string): string => {
    for (let number = 1; ; number++) {
      const id = number === 1 ? type : `${type}-${number}`;
      if (taken.has(id)) continue;
      taken.add(id);
      return id;
    }
  };
  return new Map(nodes.map((node) => [node, node.id ?? free(node.type)]));
}
