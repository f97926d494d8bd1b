import type { RouteElement } from "./route-element.js";

/**
 * The graph as Mermaid text, which GitHub and many editors draw.
 * @see https://mermaid.js.org/syntax/flowchart.html
 *
 * @example
 * ```ts
 * console.log(toMermaid(routeGraph((g) => g.model({ provider: "openai", model: "gpt-4o" }))));
 * ```
 */
export function toMermaid(elements: readonly RouteElement[]): string {
  // Names of our own: an element's id may be a word of Mermaid, as "end" is.
  const names = new Map(elements.map(({ id }, index) => [id, `e${index}`]));
  const shapes = elements.map((element) => `  ${names.get(element.id)}${shape(element)}`);
  const edges = elements.flatMap(({ id, outputs }) =>
    Object.entries(outputs).map(
      ([output, { elementId }]) =>
        `  ${names.get(id)} -->${output === "next" ? "" : `|${quote(output)}|`} ${names.get(elementId) ?? `missing[${quote(`${elementId}?`)}]`}`,
    ),
  );
  return ["flowchart TD", ...shapes, ...edges].join("\n");
}

function shape(element: RouteElement): string {
  switch (element.type) {
    case "conditional":
      return `{${quote(JSON.stringify(element.properties.conditions))}}`;
    case "percentage":
      return `{{${quote("split")}}}`;
    case "rate": {
      const { key, limit, limitType, window } = element.properties;
      const amount = limitType === "cost" ? `$${limit}` : `${limit} requests`;
      return `[/${quote(`${amount} per ${window} s, each ${key}`)}/]`;
    }
    case "model":
      return `[${quote(`${element.properties.provider}/${element.properties.model}`)}]`;
    default:
      return `([${quote(element.type)}])`;
  }
}

/** Mermaid has entities for what would end the text or begin markup. */
const quote = (text: string): string =>
  `"${text.replace(/[&"<>#]/g, (sign) => `#${sign.charCodeAt(0)};`)}"`;
