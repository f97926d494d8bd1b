import { AiGateway } from "../ai-gateway/ai-gateway.js";
import { type Rule, show } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { hugeNumber, longSpan } from "../unusual-numbers.js";
import type { DynamicRouteProps } from "./dynamic-route-props.js";
import { isRouteGraph, looseElements } from "./route-graph-validation.js";
import { type LooseElement, RoutePaths, targetOf } from "./route-paths.js";

/** A row that looks at the graph, where it has the form of one. */
const ofGraph = (
  name: string,
  check: (elements: readonly LooseElement[]) => string | readonly string[] | undefined,
): Rule<DynamicRouteProps> => ({
  name,
  check: ({ graph }) => (isRouteGraph(graph) ? check(looseElements(graph)) : undefined),
});

/** Longest wait for a model's answer to begin that is no surprise, in milliseconds: an hour. */
const LONGEST_TIMEOUT = 3_600_000;

/** What is odd about a route, but may be meant. */
export const dynamicRouteHints: readonly Rule<DynamicRouteProps>[] = [
  {
    name: "dynamic-route-hint-open-gateway",
    check: ({ gateway }) =>
      isOpen(gateway)
        ? "gateway: got one without authentication; Cloudflare asks for an authenticated gateway with the providers' keys stored, or a dynamic route fails with 2005. Set authentication: true."
        : undefined,
  },
  {
    // Cloudflare documents no form of an id; its lists of versions show none that is a number.
    name: "dynamic-route-hint-version-number",
    check: ({ version }) =>
      typeof version === "string" && /^v?\d{1,6}$/i.test(version)
        ? `version: got ${show(version)}, which looks like the number of a version; a version is named by its id. GET …/ai-gateway/gateways/{gateway}/routes/{route}/versions lists them as version_id.`
        : undefined,
  },
  ofGraph("dynamic-route-hint-custom-providers", (elements) => {
    const custom = ofType(elements, "model").filter(({ properties }) =>
      isCustom(properties.provider),
    );
    return custom.length === 0
      ? undefined
      : `graph: got custom providers, ${custom.map(({ id, properties }) => `${show(id)} (${properties.provider})`).join(", ")}; in a dynamic route they were reported to fail with 2005. Try it before you rely on it.`;
  }),
  ofGraph("dynamic-route-hint-no-model", (elements) =>
    ofType(elements, "model").length === 0
      ? "graph: has no model; no request would be answered. Let a path lead to a model."
      : undefined,
  ),
  ofGraph("dynamic-route-hint-rate-ends", (elements) =>
    ofType(elements, "model").length === 0
      ? undefined
      : ratesThatEnd(elements).map(
          ({ id }) =>
            `graph: output "success" of ${show(id)}: leads to the end before a model was asked; a request within the limit would have no answer. Let it lead to a model.`,
        ),
  ),
  ofGraph("dynamic-route-hint-numbers", (elements) => [
    ...ofType(elements, "rate").flatMap(({ id, properties: { limit, window } }) => [
      ...hugeNumber(`graph: limit of ${show(id)}`, limit),
      ...longSpan(`graph: window of ${show(id)}`, window),
    ]),
    ...ofType(elements, "model")
      .filter(({ properties: { timeout } }) => isAbove(timeout, LONGEST_TIMEOUT))
      .map(
        ({ id, properties: { timeout } }) =>
          `graph: timeout of ${show(id)}: got ${show(timeout)}, which is more than an hour; it is in milliseconds. Set one after which the fallback is of use.`,
      ),
  ]),
];

/** The hints that apply. */
export const dynamicRouteHintsFor = (props: DynamicRouteProps): readonly string[] =>
  dynamicRouteHints.flatMap(({ check }) => check(props) ?? []);

/** Whether the gateway is declared in this app, with no authentication. Others are not known. */
const isOpen = (gateway: unknown): boolean =>
  gateway instanceof AiGateway && (gateway.props.authentication ?? false) === false;

const isCustom = (provider: unknown): boolean =>
  typeof provider === "string" && provider.startsWith("custom-");

const ofType = (elements: readonly LooseElement[], type: string): readonly LooseElement[] =>
  elements.filter((element) => element.type === type);

const isAbove = (value: unknown, max: number): boolean =>
  typeof value === "number" && value > max && !isToken(value);

/** Rates that a request comes to without having asked a model, and that let it go to the end. */
function ratesThatEnd(elements: readonly LooseElement[]): readonly LooseElement[] {
  // A model's outputs are cut: what is still reached comes before any model.
  const cut = elements.map((element) =>
    element.type === "model" ? { ...element, outputs: {} } : element,
  );
  const unreached = new Set(new RoutePaths(cut).unreachable.map(({ id }) => id));
  const ends = new Set(ofType(elements, "end").map(({ id }) => id));
  return ofType(elements, "rate").filter(
    ({ id, outputs }) => !unreached.has(id) && ends.has(targetOf(outputs.success) ?? ""),
  );
}
