import { type Duration, durationInSeconds } from "../duration.js";
import type { RouteConditions, RouteEdge, RouteElement, RouteLimitType } from "./route-element.js";

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

const end: RouteNode = { type: "end", outputs: {} };

const builder: RouteGraphBuilder = {
  model: ({ provider, model, timeout = 60_000, retries = 0 }, outcome = {}, id) =>
    node("model", outcomes(outcome), id, { provider, model, timeout, retries }),
  rate: ({ key, limit, limitType = "count", window }, outcome, id) =>
    node("rate", outcomes(outcome), id, {
      key,
      limit,
      limitType,
      window: durationInSeconds(window),
    }),
  conditional: (conditions, branches, id) =>
    node("conditional", { true: branches.true, false: branches.false }, id, { conditions }),
  percentage: (shares, id) => node("percentage", named(shares), id),
  end: () => end,
};

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

const outcomes = ({ success = end, fallback = end }: RouteOutcome): RouteNode["outputs"] => ({
  success,
  fallback,
});

const named = (shares: RouteShares): RouteNode["outputs"] =>
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
  const first: RouteNode | undefined = build(builder);
  const ids = nameNodes(first === undefined ? [] : inOrder(first));
  const edge = (to: RouteNode): RouteEdge => ({ elementId: ids.get(to) as string });
  const elements = [...ids].map(([{ type, properties, outputs }, id]) => ({
    id,
    type,
    ...(properties === undefined ? {} : { properties }),
    outputs: Object.fromEntries(
      Object.entries(outputs).flatMap(([name, to]) => (to ? [[name, edge(to)]] : [])),
    ),
  }));
  // A forgotten `return`, which only plain JavaScript allows, is told as an edge that is missing.
  const outputs = first === undefined ? {} : { next: edge(first) };
  const start = { id: START, type: "start", outputs };
  return [start, ...elements] as unknown as readonly RouteElement[];
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
