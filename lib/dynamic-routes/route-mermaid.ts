import { UsageError } from "../errors.js";
import { show } from "../prop-rules.js";
import type { RouteElement } from "./route-element.js";
import { isRouteGraph, looseElements } from "./route-graph-validation.js";
import { type LooseElement, targetOf } from "./route-paths.js";

/**
 * The graph as Mermaid text, which GitHub and many editors draw.
 * @throws {@link UsageError} for what is no graph
 * @see https://mermaid.js.org/syntax/flowchart.html
 *
 * @example
 * ```ts
 * console.log(toMermaid(routeGraph((g) => g.model({ provider: "openai", model: "gpt-4o" }))));
 * ```
 */
export function toMermaid(graph: readonly RouteElement[]): string {
  if (!isRouteGraph(graph)) {
    throw new UsageError(
      `toMermaid: got ${show(graph)}; allowed is what routeGraph((g) => …) makes, or an array of elements, each with an id and a type.`,
    );
  }
  const elements = looseElements(graph);
  // Names of our own: an element's id may be a word of Mermaid, as "end" is.
  const names = new Map(elements.map(({ id }, index) => [id, `e${index}`]));
  const shapes = elements.map((element) => `  ${names.get(element.id)}${shape(element)}`);
  const target = (id = ""): string => names.get(id) ?? `missing[${quote(`${id}?`)}]`;
  const edges = elements.flatMap(({ id, outputs }) =>
    Object.entries(outputs).map(
      ([output, edge]) =>
        `  ${names.get(id)} -->${output === "next" ? "" : `|${quote(output)}|`} ${target(targetOf(edge))}`,
    ),
  );
  return ["flowchart TD", ...shapes, ...edges].join("\n");
}

function shape({ type, properties }: LooseElement): string {
  switch (type) {
    case "conditional":
      return `{${quote(JSON.stringify(properties.conditions) ?? "")}}`;
    case "percentage":
      return `{{${quote("split")}}}`;
    case "rate": {
      const { key, limit, limitType, window } = properties;
      const amount = limitType === "cost" ? `$${limit}` : `${limit} requests`;
      return `[/${quote(`${amount} per ${window} s, each ${key}`)}/]`;
    }
    case "model":
      return `[${quote(`${properties.provider}/${properties.model}`)}]`;
    default:
      return `([${quote(type)}])`;
  }
}

/** Mermaid has entities for what would end the text or begin markup. */
const quote = (text: string): string =>
  `"${text.replace(/[&"<>#]/g, (sign) => `#${sign.charCodeAt(0)};`)}"`;
