import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderCode } from "../../../lib/import/code.js";
import { sorted } from "../../../lib/import/judge-gateway.js";
import { renderRouteCode } from "../../../lib/import/route-code.js";
import { routeGraph } from "../../../lib/index.js";
import { evaluate } from "./evaluate.js";

type Element = {
  readonly id: string;
  readonly type: string;
  readonly [key: string]: unknown;
};

const codeOf = (elements: readonly object[]) =>
  renderCode(renderRouteCode(elements as never).graph);

/** Graphs of the dashboard: each step leads to later ones, ids and order are anything. */
const graphs = fc
  .record({
    steps: fc.array(
      fc.record({
        type: fc.constantFrom("model", "rate", "conditional", "percentage"),
        to: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
        number: fc.integer({ min: 1, max: 100_000 }),
        share: fc.constantFrom(10, 33.3, 50),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    named: fc.boolean(),
    shuffled: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ steps, named, shuffled, seed }) => {
    const ids = steps.map(({ type }, index) =>
      named ? `n-${seed}-${index}` : `${type}-${index + 2}`,
    );
    const at = (index: number, step: number) => ({
      elementId: ids[step + 1 + (index % (steps.length - step))] ?? "end",
    });
    const elements: Element[] = steps.map(({ type, to, number, share }, step) => {
      const [first = 0, second = 0] = to;
      const id = ids[step] as string;
      const [a, b] = [at(first, step), at(second, step)];
      switch (type) {
        case "model":
          return {
            id,
            type,
            properties: {
              provider: "openai",
              model: "m",
              timeout: number,
              retries: number % 5,
            },
            outputs: { success: a, fallback: b },
          };
        case "rate":
          return {
            id,
            type,
            properties: {
              key: "metadata.user",
              limit: number,
              limitType: "count",
              window: number,
            },
            outputs: { success: a, fallback: b },
          };
        case "conditional":
          return {
            id,
            type,
            properties: {
              conditions: { "metadata.plan": { $eq: `$${"{free}"}` } },
            },
            outputs: { true: a, false: b },
          };
        default:
          return { id, type, outputs: { [`${share}%`]: a, else: b } };
      }
    });
    const all: Element[] = [
      {
        id: "start",
        type: "start",
        outputs: { next: { elementId: ids[0] as string } },
      },
      ...elements,
      { id: "end", type: "end", outputs: {} },
    ];
    return shuffled ? [...all.slice(seed % all.length), ...all.slice(0, seed % all.length)] : all;
  });

describe("the graph of a route that exists", () => {
  test("is written so that it makes the very same elements", () => {
    fc.assert(
      fc.property(graphs, (elements) => {
        expect(sorted(evaluate(codeOf(elements)))).toBe(sorted(elements));
      }),
      { numRuns: 300 },
    );
  });

  test("of the builder is written for the builder", () => {
    const graph = routeGraph((g) => {
      const small = g.model({
        provider: "workers-ai",
        model: "@cf/meta/llama",
      });
      const big = g.model({ provider: "openai", model: "gpt-4o", retries: 1 }, { fallback: small });
      return g.conditional(
        { "metadata.plan": { $eq: "free" } },
        {
          true: g.rate({ key: "metadata.user", limit: 100, window: "1h" }, { success: small }),
          false: g.percentage({ 10: small, else: big }, "split"),
        },
      );
    });

    expect(codeOf(graph)).toMatchInlineSnapshot(`
      "routeGraph((g) => {
        const model = g.model({ provider: "workers-ai", model: "@cf/meta/llama" });
        return g.conditional(
          { "metadata.plan": { $eq: "free" } },
          {
            true: g.rate({ key: "metadata.user", limit: 100, window: "1h" }, { success: model }),
            false: g.percentage(
              {
                10: model,
                else: g.model(
                  { provider: "openai", model: "gpt-4o", retries: 1 },
                  { fallback: model },
                ),
              },
              "split",
            ),
          },
        );
      })"
    `);
    expect(evaluate(codeOf(graph))).toEqual(graph);
  });

  test("with what this version does not know is written as it is, and told", () => {
    const elements = [
      { id: "start", type: "start", outputs: { next: { elementId: "new" } } },
      {
        id: "new",
        type: "semantic-router",
        properties: { by: "topic" },
        outputs: {},
      },
    ];

    expect(codeOf(elements)).toMatch(/as unknown as RouteElement\[\]$/);
    expect(evaluate(codeOf(elements))).toEqual(elements);
    expect(renderRouteCode(elements).problems.join()).toMatch(/semantic-router/);
  });

  test("with a property that this version does not know is written as it is", () => {
    const elements = [
      {
        id: "start",
        type: "start",
        outputs: { next: { elementId: "end" } },
        label: "Begin",
      },
      { id: "end", type: "end", outputs: {} },
    ];

    expect(codeOf(elements)).toMatch(/as unknown as RouteElement\[\]$/);
    expect(evaluate(codeOf(elements))).toEqual(elements);
  });
});
