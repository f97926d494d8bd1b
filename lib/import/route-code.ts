import { propertiesOf } from "../dynamic-routes/route-element.js";
import {
  type RouteGraphBuilder,
  type RouteNode,
  routeGraph,
} from "../dynamic-routes/route-graph.js";
import { isRouteGraph, validateRouteGraph } from "../dynamic-routes/route-graph-validation.js";
import { isRow, type Row } from "./cloudflare-reader.js";
import { type Code, Expression, renderCode } from "./code.js";
import { friendlyDuration } from "./friendly-duration.js";
import { sorted } from "./judge-gateway.js";

export interface RouteCode {
  readonly graph: Code;
  /** What synth refuses in the graph. */
  readonly problems: readonly string[];
}

/**
 * A graph as `routeGraph` writes it where that makes the very same elements, and as it is otherwise.
 * @param elements as the API answers them
 */
export function renderRouteCode(elements: readonly Row[]): RouteCode {
  const graph: unknown = elements;
  const problems = isRouteGraph(graph)
    ? validateRouteGraph(graph)
    : ["graph: has an element without an id or a type."];
  const builder = problems.length === 0 ? asBuilder(elements) : undefined;
  return { graph: builder ?? asElements(elements, problems), problems };
}

/** What the types do not know is cast: synth, which looks at more, says what is wrong. */
const asElements = (elements: readonly Row[], problems: readonly string[]): Code =>
  problems.length === 0 && elements.every(isKnownElement)
    ? (elements as readonly Code[])
    : new Expression(`${renderCode(elements as readonly Code[])} as unknown as RouteElement[]`);

/** Whether an element is of one of the types, with what that type has and nothing else. */
function isKnownElement({ id, type, properties, outputs, ...others }: Row): boolean {
  const known = (propertiesOf as Readonly<Record<string, readonly string[] | undefined>>)[
    String(type)
  ];
  const names = isRow(properties) ? Object.keys(properties).sort() : [];
  return (
    known !== undefined &&
    Object.keys(others).length === 0 &&
    (properties === undefined ? known.length === 0 : known.length > 0) &&
    sorted(names) === sorted([...known].sort()) &&
    isRow(outputs) &&
    Object.values(outputs).every(
      (edge) => isRow(edge) && sorted(Object.keys(edge)) === '["elementId"]',
    )
  );
}

/** Undefined where the builder makes other elements, or the same in another order. */
function asBuilder(elements: readonly Row[]): Code | undefined {
  if (!elements.every(isKnownElement)) {
    return undefined;
  }
  const byId = new Map(elements.map((element) => [String(element.id), element]));
  const first = targetsOf(elements.find(({ type }) => type === "start"))[0]?.[1];
  if (first === undefined) {
    return undefined;
  }
  // Ids are written only where they are others than those the builder gives.
  const unnamed = make(byId, first, new Set());
  const others = elements.filter(({ id }, index) => unnamed[index]?.id !== id);
  const attempts = [new Set(others.map(({ id }) => String(id))), new Set(byId.keys())];
  const ids = attempts.find((attempt) => sorted(make(byId, first, attempt)) === sorted(elements));
  return ids === undefined ? undefined : new Expression(write(byId, first, ids));
}

type Elements = ReadonlyMap<string, Row>;

/** The elements that the builder makes of the graph, with these ids written out. */
function make(byId: Elements, first: string, ids: ReadonlySet<string>) {
  return routeGraph((g) => {
    const made = new Map<string, RouteNode>();
    const node = (id: string): RouteNode => {
      const known = made.get(id);
      if (known !== undefined) return known;
      const step = makeStep(g, byId.get(id) ?? {}, node, ids.has(id) ? id : undefined);
      made.set(id, step);
      return step;
    };
    return node(first);
  });
}

function makeStep(
  g: RouteGraphBuilder,
  element: Row,
  node: (id: string) => RouteNode,
  id: string | undefined,
): RouteNode {
  const properties = (element.properties ?? {}) as never;
  const outputs = Object.fromEntries(targetsOf(element).map(([name, to]) => [name, node(to)]));
  switch (element.type) {
    case "model":
      return g.model(properties, outputs, id);
    case "rate":
      return g.rate(properties, outputs, id);
    case "conditional":
      return g.conditional((properties as Row).conditions as never, outputs as never, id);
    case "percentage":
      return g.percentage(
        Object.fromEntries(
          Object.entries(outputs).map(([share, to]) => [share.replace(/%$/, ""), to]),
        ),
        id,
      );
    default:
      return g.end();
  }
}

const targetsOf = (element: Row = {}): readonly (readonly [string, string])[] =>
  Object.entries((element.outputs ?? {}) as Row).map(([name, edge]) => [
    name,
    String((edge as Row).elementId),
  ]);

/** The call of `routeGraph`. A step with several ways to it gets a name; the others stand where they are used. */
function write(byId: Elements, first: string, ids: ReadonlySet<string>): string {
  const names = new Map<string, string>();
  const statements: string[] = [];
  const ways = (id: string) =>
    [...byId.values()].flatMap(targetsOf).filter(([, to]) => to === id).length;

  const step = (id: string): Code => {
    const known = names.get(id);
    if (known !== undefined) return new Expression(known);
    const element = byId.get(id) ?? {};
    const call = writeStep(element, step, ids.has(id) ? id : undefined);
    if (element.type === "end" || ways(id) < 2) return call;
    const name = freeName(String(element.type), [...names.values()]);
    names.set(id, name);
    statements.push(`  const ${name} = ${renderCode(call, 2, 2 + `const ${name} = ;`.length)};`);
    return new Expression(name);
  };

  const last = step(first);
  const returned = renderCode(last, 2, "  return ;".length);
  return `routeGraph((g) => {\n${[...statements, `  return ${returned};`].join("\n")}\n})`;
}

/** `model`, then `model2`, as a person would count. */
function freeName(type: string, taken: readonly string[]): string {
  const others = taken.filter((name) => name.replace(/\d+$/, "") === type).length;
  return others === 0 ? type : `${type}${others + 1}`;
}

function writeStep(element: Row, step: (id: string) => Code, id: string | undefined): Expression {
  const { provider, model, timeout, retries, key, limit, limitType, window, conditions } =
    (element.properties ?? {}) as Readonly<Record<string, Code>>;
  const steps = targetsOf(element).map(([name, to]) => [name, to, step(to)] as const);
  // The end is where an outcome leads that is left out.
  const outcomes = Object.fromEntries(
    steps
      .filter(([, , to]) => !(to instanceof Expression && to.text === "g.end()"))
      .map(([name, , to]) => [name, to]),
  );
  const hasOutcomes = Object.keys(outcomes).length > 0;
  switch (element.type) {
    case "model":
      return call("model", [
        {
          provider,
          model,
          ...(timeout === 60_000 ? {} : { timeout }),
          ...(retries === 0 ? {} : { retries }),
        },
        ...(hasOutcomes || id !== undefined ? [outcomes] : []),
        ...(id === undefined ? [] : [id]),
      ]);
    case "rate":
      return call("rate", [
        {
          key,
          limit,
          window: friendlyDuration(window as number),
          ...(limitType === "count" ? {} : { limitType }),
        },
        outcomes,
        ...(id === undefined ? [] : [id]),
      ]);
    case "conditional":
      return call("conditional", [
        conditions ?? null,
        Object.fromEntries(steps.map(([name, , to]) => [name, to])),
        ...(id === undefined ? [] : [id]),
      ]);
    case "percentage":
      return call("percentage", [
        Object.fromEntries(steps.map(([name, , to]) => [name.replace(/%$/, ""), to])),
        ...(id === undefined ? [] : [id]),
      ]);
    default:
      return new Expression("g.end()");
  }
}

/** A call with its arguments on one line, or each on its own. */
function call(method: string, args: readonly Code[]): Expression {
  const texts = args.map((arg) => renderCode(arg, 0));
  const line = `g.${method}(${texts.join(", ")})`;
  if (!line.includes("\n") && line.length <= 80) {
    return new Expression(line);
  }
  const lines = args.map((arg) => `  ${renderCode(arg, 2)},`);
  return new Expression(`g.${method}(\n${lines.join("\n")}\n)`);
}
