import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { validateRouteGraph } from "../../../lib/dynamic-routes/route-graph-validation.js";
import {
  type RouteElement,
  type RouteGraphBuilder,
  type RouteNode,
  routeGraph,
} from "../../../lib/index.js";

/** Graphs of up to eight models and ends whose edges lead anywhere, or nowhere. */
const anyGraph = fc
  .array(
    fc.record({
      isEnd: fc.boolean(),
      success: fc.nat({ max: 8 }),
      fallback: fc.nat({ max: 8 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((nodes): readonly RouteElement[] => {
    const to = (index: number) => ({ elementId: `e${index}` });
    return [
      { id: "start", type: "start", outputs: { next: to(0) } },
      ...nodes.map(
        ({ isEnd, success, fallback }, index): RouteElement =>
          isEnd
            ? { id: `e${index}`, type: "end", outputs: {} }
            : {
                id: `e${index}`,
                type: "model",
                properties: { provider: "openai", model: "m", timeout: 1, retries: 0 },
                outputs: { success: to(success), fallback: to(fallback) },
              },
      ),
    ];
  });

/** Walks every path as a request would: each has to end, and every element has to be met. */
function serves(graph: readonly RouteElement[]): boolean {
  const met = new Set<string>();
  const ends = (id: string, steps: number): boolean => {
    const element = graph.find((one) => one.id === id);
    if (element === undefined || steps > graph.length) return false;
    met.add(id);
    if (element.type === "end") return true;
    return Object.values(element.outputs).every(({ elementId }) => ends(elementId, steps + 1));
  };
  return ends("start", 0) && met.size === graph.length;
}

type Plan = readonly [kind: number, left: Plan, right: Plan] | null;

const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.tuple(fc.nat({ max: 3 }), tie("plan"), tie("plan")),
  ),
}));

function grow(g: RouteGraphBuilder, from: Plan): RouteNode {
  if (from === null) return g.end();
  const [kind, ...next] = from;
  const [left, right] = next.map((one) => grow(g, one)) as [RouteNode, RouteNode];
  switch (kind) {
    case 0:
      return g.model({ provider: "openai", model: "m" }, { success: left, fallback: right });
    case 1:
      return g.rate({ key: "k", limit: 1, window: "1m" }, { success: left, fallback: right });
    case 2:
      return g.conditional({ a: 1 }, { true: left, false: right });
    default:
      return g.percentage({ 30: left, else: right });
  }
}

describe("a dynamic route's graph, whatever it is", () => {
  test("is accepted exactly where every path of a request ends and every element is on one", () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const valid = validateRouteGraph(graph).length === 0;
        accepted += valid ? 1 : 0;
        expect(valid).toBe(serves(graph));
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test("is accepted as routeGraph() makes it, and made the same again", () => {
    fc.assert(
      fc.property(plan, (from) => {
        const graph = routeGraph((g) => grow(g, from));

        expect(validateRouteGraph(graph)).toEqual([]);
        expect(JSON.stringify(routeGraph((g) => grow(g, from)))).toBe(JSON.stringify(graph));
      }),
      { numRuns: 1_000 },
    );
  });
});
