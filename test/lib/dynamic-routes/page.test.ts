import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { transformSync } from "esbuild";
import { type RouteElement, routeGraph, toMermaid } from "../../../lib/index.js";

test("docs/dynamic-routes.md shows the picture of the graph it declares", () => {
  const page = readFileSync(join(__dirname, "../../../docs/dynamic-routes.md"), "utf8");
  const [, declaration = ""] = /```ts\n(const graph = .*?)```/s.exec(page) ?? [];
  const [, picture] = /```mermaid\n(.*?)\n```/s.exec(page) ?? [];

  const { code } = transformSync(declaration, { loader: "ts" });
  const graph = new Function("routeGraph", `${code}; return graph;`)(
    routeGraph,
  ) as readonly RouteElement[];

  expect(picture).toBe(toMermaid(graph));
});
