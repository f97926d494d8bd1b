import { describe, expect, test } from "@jest/globals";
import { type RouteElement, routeGraph, toMermaid } from "../../../lib/index.js";

describe("toMermaid", () => {
  test("draws every element and every edge", () => {
    const graph = routeGraph((g) => {
      const small = g.model({ provider: "workers-ai", model: "@cf/small" });
      return g.conditional(
        { "metadata.plan": { $eq: "free" } },
        {
          true: g.rate(
            { key: "metadata.user", limit: 5, limitType: "cost", window: 60 },
            { success: small },
          ),
          false: g.percentage({ 10: small, else: g.end() }),
        },
      );
    });

    expect(toMermaid(graph)).toMatchInlineSnapshot(`
      "flowchart TD
        e0(["start"])
        e1{"{#34;metadata.plan#34;:{#34;$eq#34;:#34;free#34;}}"}
        e2[/"$5 per 60 s, each metadata.user"/]
        e3["workers-ai/@cf/small"]
        e4{{"split"}}
        e5(["end"])
        e0 --> e1
        e1 -->|"true"| e2
        e1 -->|"false"| e4
        e2 -->|"success"| e3
        e2 -->|"fallback"| e5
        e3 -->|"success"| e5
        e3 -->|"fallback"| e5
        e4 -->|"10%"| e3
        e4 -->|"else"| e5"
    `);
  });

  test("shows an edge to nowhere instead of failing", () => {
    const graph: readonly RouteElement[] = [
      { id: "start", type: "start", outputs: { next: { elementId: "gone" } } },
    ];

    expect(toMermaid(graph)).toContain('e0 --> missing["gone?"]');
  });

  test("leaves no sign in a text that Mermaid would read", () => {
    const graph = routeGraph((g) => g.model({ provider: 'a"b', model: "<b>#&" }));

    expect(toMermaid(graph)).toContain('e1["a#34;b/#60;b#62;#35;#38;"]');
  });
});
