import { describe, expect, test } from "@jest/globals";
import { validateRouteGraph } from "../../../lib/dynamic-routes/route-graph-validation.js";
import { routeGraph } from "../../../lib/index.js";

const small = { provider: "workers-ai", model: "@cf/small" } as const;

describe("routeGraph", () => {
  test("writes the steps from the start to the one end, in the API's words", () => {
    const graph = routeGraph((g) =>
      g.conditional(
        { "metadata.plan": { $eq: "free" } },
        {
          true: g.rate({ key: "metadata.user", limit: 100, window: "1h" }, { success: g.end() }),
          false: g.percentage({
            10: g.model(small),
            else: g.model(small, {}, "mine"),
          }),
        },
      ),
    );

    expect(graph).toMatchInlineSnapshot(`
      [
        {
          "id": "start",
          "outputs": {
            "next": {
              "elementId": "conditional",
            },
          },
          "type": "start",
        },
        {
          "id": "conditional",
          "outputs": {
            "false": {
              "elementId": "percentage",
            },
            "true": {
              "elementId": "rate",
            },
          },
          "properties": {
            "conditions": {
              "metadata.plan": {
                "$eq": "free",
              },
            },
          },
          "type": "conditional",
        },
        {
          "id": "rate",
          "outputs": {
            "fallback": {
              "elementId": "end",
            },
            "success": {
              "elementId": "end",
            },
          },
          "properties": {
            "key": "metadata.user",
            "limit": 100,
            "limitType": "count",
            "window": 3600,
          },
          "type": "rate",
        },
        {
          "id": "percentage",
          "outputs": {
            "10%": {
              "elementId": "model",
            },
            "else": {
              "elementId": "mine",
            },
          },
          "type": "percentage",
        },
        {
          "id": "model",
          "outputs": {
            "fallback": {
              "elementId": "end",
            },
            "success": {
              "elementId": "end",
            },
          },
          "properties": {
            "model": "@cf/small",
            "provider": "workers-ai",
            "retries": 0,
            "timeout": 60000,
          },
          "type": "model",
        },
        {
          "id": "mine",
          "outputs": {
            "fallback": {
              "elementId": "end",
            },
            "success": {
              "elementId": "end",
            },
          },
          "properties": {
            "model": "@cf/small",
            "provider": "workers-ai",
            "retries": 0,
            "timeout": 60000,
          },
          "type": "model",
        },
        {
          "id": "end",
          "outputs": {},
          "type": "end",
        },
      ]
    `);
  });

  test("makes the same text of the same declaration", () => {
    const build = () =>
      JSON.stringify(
        routeGraph((g) => g.percentage({ else: g.model(small), 10: g.end(), 5: g.model(small) })),
      );

    expect(build()).toBe(build());
  });

  test("makes one element of a step with two ways to it, and two of two equal steps", () => {
    const shared = routeGraph((g) => {
      const model = g.model(small);
      return g.percentage({ 50: model, else: model });
    });
    const apart = routeGraph((g) => g.percentage({ 50: g.model(small), else: g.model(small) }));

    expect(shared.map(({ id }) => id)).toEqual(["start", "percentage", "model", "end"]);
    expect(apart.map(({ id }) => id)).toEqual(["start", "percentage", "model", "model-2", "end"]);
  });

  test("gives no step the id that another one was given", () => {
    const graph = routeGraph((g) => g.model(small, { fallback: g.model(small, {}, "model") }));

    expect(graph.map(({ id }) => id)).toEqual(["start", "model-2", "model", "end"]);
  });

  test.each([
    [30, 30],
    ["30s", 30],
    ["5m", 300],
    ["2h", 7_200],
    ["7d", 604_800],
  ] as const)("counts a window of %s as %d seconds", (window, seconds) => {
    const [, rate] = routeGraph((g) => g.rate({ key: "metadata.user", limit: 1, window }, {}));

    expect(rate).toMatchObject({
      properties: { limitType: "count", window: seconds },
    });
  });

  test("leaves a forgotten return for synth to report", () => {
    const forgotten = (() => undefined) as unknown as Parameters<typeof routeGraph>[0];

    expect(validateRouteGraph(routeGraph(forgotten))).toContain(
      'graph: output "next" of "start": got nothing; allowed is an edge such as { elementId: "end" }.',
    );
  });
});
