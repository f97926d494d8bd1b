import { describe, expect, test } from "@jest/globals";
import { Token } from "cdktf";
import {
  routeGraphRules,
  validateRouteGraph,
} from "../../../lib/dynamic-routes/route-graph-validation.js";
import { type RouteElement, routeGraph } from "../../../lib/index.js";

const to = (elementId: string) => ({ elementId });
const start = (next: string) => ({ id: "start", type: "start", outputs: { next: to(next) } });
const end = { id: "end", type: "end", outputs: {} };
const model = (id: string, success = "end", fallback = "end", properties = {}) => ({
  id,
  type: "model",
  properties: { provider: "openai", model: "gpt-4o", timeout: 1_000, retries: 0, ...properties },
  outputs: { success: to(success), fallback: to(fallback) },
});
const rate = (properties = {}) => ({
  id: "rate",
  type: "rate",
  properties: { key: "metadata.user", limit: 1, limitType: "count", window: 60, ...properties },
  outputs: { success: to("end"), fallback: to("end") },
});
const split = (...shares: readonly string[]) => ({
  id: "split",
  type: "percentage",
  outputs: Object.fromEntries(shares.map((share) => [share, to("end")])),
});
const condition = (conditions: unknown) => ({
  id: "if",
  type: "conditional",
  properties: { conditions },
  outputs: { true: to("end"), false: to("end") },
});

/** Rule → a graph it alone objects to, and what it says. */
const wrong: readonly (readonly [string, readonly unknown[], readonly string[]])[] = [
  [
    "dynamic-route-element-id-twice",
    [start("a"), model("a"), model("a"), end],
    ['graph: got the id "a" for two elements; '],
  ],
  [
    "dynamic-route-element-type",
    [start("x"), { id: "x", type: "modle", outputs: { next: to("end") } }, end],
    ['graph: type of "x": got "modle"; allowed is "start" or '],
  ],
  [
    "dynamic-route-element-key",
    [start("end"), { ...end, name: "The end" }],
    ['graph: name of "end": there is no such key; an element has id, type, '],
  ],
  [
    "dynamic-route-property",
    [start("a"), model("a", "end", "end", { retry: 1 }), end],
    [
      'graph: properties.retry of "a": there is no such key; the type "model" has provider, model, ',
    ],
  ],
  [
    "dynamic-route-edge-key",
    [{ ...start("end"), outputs: { next: { ...to("end"), to: "end" } } }, end],
    ['graph: outputs.next.to of "start": there is no such key; an edge has elementId.'],
  ],
  ["dynamic-route-start", [model("a"), end], ['graph: got 0 elements of type "start"; ']],
  [
    "dynamic-route-start",
    [start("end"), { ...start("end"), id: "again" }, end],
    ['graph: got 2 elements of type "start"; '],
  ],
  [
    "dynamic-route-outputs",
    [start("a"), { ...model("a"), outputs: { success: to("end"), next: to("end") } }, end],
    [
      'graph: output "fallback" of "a": got nothing; allowed is an edge such as { elementId: "end" }.',
      'graph: output "next" of "a": got one too many; allowed is "success" and "fallback" for an element of type "model".',
    ],
  ],
  [
    "dynamic-route-unknown-edge",
    [start("a"), model("a", "end", "gone"), end],
    [
      'graph: output "fallback" of "a": got "gone"; no element has this id. The ids are start, a, end.',
    ],
  ],
  [
    "dynamic-route-unreachable",
    [start("a"), model("a"), model("b"), end],
    ['graph: no path leads from the start to "b"; '],
  ],
  [
    "dynamic-route-cycle",
    [start("a"), model("a", "end", "b"), model("b", "end", "c"), model("c", "a", "end"), end],
    ['graph: got a cycle, "a" → "b" → "c" → "a"; '],
  ],
  [
    "dynamic-route-no-end",
    [start("s"), { id: "s", type: "model", properties: {}, outputs: {} }, end],
    ['graph: no path leads to an end from "start", "s"; '],
  ],
  [
    "dynamic-route-share",
    [start("split"), split("0%", "1e1%", "half", "99.999%", "else"), end],
    ["0%", "1e1%", "half", "99.999%"].map(
      (share) =>
        `graph: output "${share}" of "split": got no share; allowed is a percentage above 0 `,
    ),
  ],
  [
    "dynamic-route-share-count",
    [start("split"), split("1%", "2%", "3%", "4%", "5%", "6%", "else"), end],
    ['graph: outputs of "split": got 6 shares; allowed are 5, and "else" for the rest. '],
  ],
  [
    "dynamic-route-share-sum",
    [start("split"), split("10%", "20.5%"), end],
    ['graph: shares of "split": got 30.5 % together; allowed is 100 %. '],
  ],
  [
    "dynamic-route-share-sum",
    [start("split"), split("60%", "40%", "else"), end],
    [
      'graph: shares of "split": got 100 % together beside "else"; allowed is more than 0 % and less than 100 %',
    ],
  ],
  [
    "dynamic-route-conditions",
    [start("if"), condition({}), end],
    ['graph: conditions of "if": got a value of type object; allowed is an object of JSON '],
  ],
  [
    "dynamic-route-conditions",
    [start("if"), condition({ "metadata.plan": undefined }), end],
    ['graph: conditions of "if": '],
  ],
  [
    "dynamic-route-rate-key",
    [start("rate"), rate({ key: " " }), end],
    ['graph: key of "rate": got " "; allowed is a text '],
  ],
  [
    "dynamic-route-rate-limit",
    [start("rate"), rate({ limit: 0.5 }), end],
    ['graph: limit of "rate": got 0.5; allowed is a whole number of requests, 1 or more, '],
  ],
  [
    "dynamic-route-rate-limit",
    [start("rate"), rate({ limit: 0, limitType: "cost" }), end],
    ['graph: limit of "rate": got 0; '],
  ],
  [
    "dynamic-route-rate-limit-type",
    [start("rate"), rate({ limitType: "tokens" }), end],
    ['graph: limitType of "rate": got "tokens"; allowed is "count" or "cost".'],
  ],
  [
    "dynamic-route-rate-window",
    [start("rate"), rate({ window: "1 hour" }), end],
    ['graph: window of "rate": got "1 hour"; allowed is a whole number of seconds, 1 or more, '],
  ],
  [
    "dynamic-route-model-provider",
    [start("a"), model("a", "end", "end", { provider: "" }), end],
    ['graph: provider of "a": got ""; '],
  ],
  [
    "dynamic-route-model-model",
    [start("a"), model("a", "end", "end", { model: 4 }), end],
    ['graph: model of "a": got 4; '],
  ],
  [
    "dynamic-route-model-timeout",
    [start("a"), model("a", "end", "end", { timeout: 0 }), end],
    ['graph: timeout of "a": got 0; allowed is a whole number of milliseconds, 1 or more.'],
  ],
  [
    "dynamic-route-model-retries",
    [start("a"), model("a", "end", "end", { retries: 6 }), end],
    ['graph: retries of "a": got 6; allowed is a whole number of retries, 0 to 5.'],
  ],
];

const check = (graph: readonly unknown[]) => validateRouteGraph(graph as readonly RouteElement[]);

/** What one rule says: no graph lacks an end without another fault that is the reason. */
const byRule = (name: string, graph: readonly unknown[]) =>
  validateRouteGraph(
    graph as readonly RouteElement[],
    routeGraphRules.filter((rule) => rule.name === name),
  );

describe("a dynamic route's graph", () => {
  test.each(wrong)("is refused by %s", (name, graph, says) => {
    const problems = check(graph);

    const only = name === "dynamic-route-no-end" ? byRule(name, graph) : problems;
    expect(only).toEqual(says.map((text) => expect.stringContaining(text)));
    expect(byRule(name, graph)).toEqual(only);
    expect(problems).toEqual(expect.arrayContaining([...only]));
  });

  test("has a case here for each of its rules", () => {
    expect(new Set(wrong.map(([name]) => name))).toEqual(
      new Set(routeGraphRules.map(({ name }) => name)),
    );
  });

  test("is told all that is wrong at once", () => {
    const problems = check([
      start("a"),
      model("a", "gone", "b", { retries: -1 }),
      model("b", "a", "end"),
      split("10%"),
      end,
    ]);

    expect(problems).toHaveLength(5);
  });

  test("may come back to a shared step on two paths, which is no cycle", () => {
    const graph = routeGraph((g) => {
      const last = g.model({ provider: "openai", model: "last" });
      const middle = g.model({ provider: "openai", model: "middle" }, { fallback: last });
      return g.percentage({ 20: last, 30: middle, 50: g.end() });
    });

    expect(validateRouteGraph(graph)).toEqual([]);
  });

  test("is not judged where only Terraform knows a value", () => {
    const graph = routeGraph((g) =>
      g.rate(
        {
          key: Token.asString({ resolve: () => "key" }),
          limit: Token.asNumber({ resolve: () => 1 }),
          window: Token.asNumber({ resolve: () => 1 }),
        },
        {
          success: g.model({
            provider: Token.asString({ resolve: () => "openai" }),
            model: Token.asString({ resolve: () => "model" }),
            timeout: Token.asNumber({ resolve: () => 1 }),
            retries: Token.asNumber({ resolve: () => 1 }),
          }),
        },
      ),
    );

    expect(validateRouteGraph(graph)).toEqual([]);
  });
});
