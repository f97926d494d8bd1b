import { isRecord, show, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { outputsOf, type RouteElement } from "./route-element.js";
import { keyRules } from "./route-element-keys.js";
import { propertyRules } from "./route-element-validation.js";
import { type RouteGraphRule, wrongElement } from "./route-graph-rule.js";
import { type LooseElement, RoutePaths, targetOf } from "./route-paths.js";
import { shareRules } from "./route-shares-validation.js";

const path = (ids: readonly string[]): string => ids.map((id) => show(id)).join(" → ");

const types = Object.keys(outputsOf);

/** What a whole graph is checked for; what only Terraform knows is not judged. */
export const routeGraphRules: readonly RouteGraphRule[] = [
  {
    name: "dynamic-route-element-id-twice",
    check: (elements) =>
      [...new Set(elements.map(({ id }) => id))]
        .filter((id) => elements.filter((element) => element.id === id).length > 1)
        .map(
          (id) =>
            `graph: got the id ${show(id)} for two elements; an edge could lead to either. Give each an id of its own.`,
        ),
  },
  {
    name: "dynamic-route-element-type",
    check: (elements) =>
      elements
        .filter(({ type }) => !types.includes(type) && !isToken(type))
        .map((element) =>
          wrongElement(
            element,
            "type",
            element.type,
            types.map((type) => `"${type}"`).join(" or "),
          ),
        ),
  },
  {
    name: "dynamic-route-start",
    whole: true,
    check: (elements) => {
      const starts = elements.filter(({ type }) => type === "start");
      return starts.length === 1
        ? []
        : [
            `graph: got ${starts.length} elements of type "start"; a route has exactly one, where every request begins. routeGraph() adds it.`,
          ];
    },
  },
  {
    name: "dynamic-route-outputs",
    check: (elements) => elements.flatMap(checkOutputs),
  },
  {
    name: "dynamic-route-unknown-edge",
    whole: true,
    check: (elements) =>
      new RoutePaths(elements).unknownEdges.map(
        ({ from, output, to }) =>
          `graph: output ${show(output)} of ${show(from.id)}: got ${show(to)}; no element has this id. The ids are ${elements.map(({ id }) => id).join(", ")}.`,
      ),
  },
  {
    name: "dynamic-route-unreachable",
    whole: true,
    check: (elements) =>
      new RoutePaths(elements).unreachable.map(
        ({ id }) =>
          `graph: no path leads from the start to ${show(id)}; no request would come to it. Let an output lead to it, or remove it.`,
      ),
  },
  {
    name: "dynamic-route-cycle",
    check: (elements) =>
      new RoutePaths(elements).cycles.map(
        (ids) =>
          `graph: got a cycle, ${path(ids)}; a request could go round for ever. Let one of its outputs lead to an end.`,
      ),
  },
  {
    name: "dynamic-route-no-end",
    whole: true,
    check: (elements) => {
      const { endless } = new RoutePaths(elements);
      return endless.length === 0
        ? []
        : [
            `graph: no path leads to an end from ${endless.map(({ id }) => show(id)).join(", ")}; every path of a route has one. Let an output lead to an element of type "end".`,
          ];
    },
  },
  ...keyRules,
  ...propertyRules,
  ...shareRules,
];

/** All that is wrong with a graph, whoever wrote it; elements without a form have messages of their own. */
export function validateRouteGraph(
  graph: readonly RouteElement[],
  rules: readonly RouteGraphRule[] = routeGraphRules,
): readonly string[] {
  const elements = looseElements(graph);
  const isWhole = elements.length === graph.length;
  return rules
    .filter(({ whole = false }) => isWhole || !whole)
    .flatMap(({ check }) => check(elements));
}

/** What is wrong with the form of one element, so that nothing else of it can be judged. */
export function elementProblems(element: unknown, index: number): readonly string[] {
  if (loosen(element) !== undefined) return [];
  const at = `graph[${index}]`;
  const example = 'such as { id: "end", type: "end", outputs: {} }';
  if (!isRecord(element)) return [wrongValue(at, element, `an element, ${example}`)];
  return [
    isText(element.id) ? undefined : wrongValue(`${at}.id`, element.id, "a text that is not empty"),
    typeof element.type === "string"
      ? undefined
      : wrongValue(`${at}.type`, element.type, types.map((type) => `"${type}"`).join(" or ")),
  ].filter((problem) => problem !== undefined);
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** The elements of a graph, with properties and outputs that may be empty, but are there. */
export const looseElements = (graph: readonly RouteElement[]): readonly LooseElement[] =>
  graph.map(loosen).filter((element) => element !== undefined);

/** A graph that can be looked into: what `dynamic-route-graph` asks for. */
export function isRouteGraph(graph: unknown): graph is readonly RouteElement[] {
  return (
    Array.isArray(graph) && graph.length > 0 && graph.every((one) => loosen(one) !== undefined)
  );
}

function loosen(element: unknown): LooseElement | undefined {
  if (!isRecord(element)) return undefined;
  const { id, type, properties = {}, outputs = {}, ...others } = element;
  return isText(id) && typeof type === "string"
    ? {
        id,
        type,
        properties: objectOf(properties),
        outputs: objectOf(outputs),
        unknown: Object.keys(others),
      }
    : undefined;
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function checkOutputs(element: LooseElement): readonly string[] {
  const given = Object.keys(element.outputs);
  const known = outputsOf[element.type];
  const names = known === undefined ? given : known;
  const problem = (name: string, got: string, allowed: string) =>
    `graph: output ${show(name)} of ${show(element.id)}: got ${got}; allowed is ${allowed}.`;
  const list = `${names.map((name) => show(name)).join(" and ") || "none"} for an element of type "${element.type}"`;
  if (!types.includes(element.type)) return [];
  return [
    ...names
      .filter((name) => targetOf(element.outputs[name]) === undefined)
      .map((name) => problem(name, "nothing", 'an edge such as { elementId: "end" }')),
    ...given
      .filter((name) => !names.includes(name))
      .map((name) => problem(name, "one too many", list)),
  ];
}
