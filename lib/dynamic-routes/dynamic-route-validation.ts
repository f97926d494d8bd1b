import { gatewayRule } from "../ai-gateway/is-gateway.js";
import { deletionProtectionRule } from "../deletion-protection.js";
import { applyRules, type PropRules, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { DynamicRouteProps } from "./dynamic-route-props.js";
import { graphProblemsOf, withoutWrongCalls } from "./route-graph-input.js";
import { elementProblems, validateRouteGraph } from "./route-graph-validation.js";

/** Longest name of a route, in characters. Cloudflare documents none: a choice that a rename can undo. */
export const ROUTE_NAME_MAX_LENGTH = 64;

/** What a route's props are checked for; the graph's own rules are in a table beside it. */
export const dynamicRouteRules: PropRules<DynamicRouteProps> = {
  gateway: gatewayRule("dynamic-route-gateway"),
  name: [{ name: "dynamic-route-name", check: ({ name }) => checkRouteName(name) }],
  graph: [
    {
      name: "dynamic-route-graph",
      check: ({ graph }) => {
        if (Array.isArray(graph) && graph.length > 0) {
          return [...graphProblemsOf(graph), ...graph.flatMap(elementProblems)];
        }
        return wrongValue(
          "graph",
          graph,
          "what routeGraph((g) => …) makes, or an array of elements, each with an id and a type",
        );
      },
    },
  ],
  version: [
    {
      name: "dynamic-route-version",
      check: ({ version }) => (version === undefined ? undefined : checkId("version", version)[0]),
    },
  ],
  deletionProtection: deletionProtectionRule("dynamic-route-deletion-protection"),
};

/** All that is wrong with a route's props and its graph. What only Terraform knows is not judged. */
export function validateDynamicRouteProps(props: DynamicRouteProps): readonly string[] {
  const { graph } = props;
  return [
    ...applyRules(dynamicRouteRules, props),
    ...(Array.isArray(graph) && graph.length > 0
      ? validateRouteGraph(withoutWrongCalls(graph))
      : []),
  ];
}

function checkRouteName(name: unknown): string | undefined {
  if (name === undefined || isToken(name)) return undefined;
  return typeof name === "string" &&
    name.length <= ROUTE_NAME_MAX_LENGTH &&
    /^[A-Za-z0-9][\w.-]*$/.test(name)
    ? undefined
    : wrongValue(
        "name",
        name,
        `1 to ${ROUTE_NAME_MAX_LENGTH} letters, digits, "_", "-" and ".", a letter or digit first, such as "chat-route": requests name the model dynamic/<name>`,
      );
}
