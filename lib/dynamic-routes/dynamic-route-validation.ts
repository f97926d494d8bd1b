import { AiGateway } from "../ai-gateway/ai-gateway.js";
import { gatewayRule } from "../ai-gateway/is-gateway.js";
import { deletionProtectionRule } from "../deletion-protection.js";
import { applyRules, type PropRules, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { DynamicRouteProps } from "./dynamic-route-props.js";
import { isRouteGraph, validateRouteGraph } from "./route-graph-validation.js";

/** Longest name of a route, in characters. Cloudflare documents none: a choice that a rename can undo. */
export const ROUTE_NAME_MAX_LENGTH = 64;

/** What a route's props are checked for; the graph's own rules are in a table beside it. */
export const dynamicRouteRules: PropRules<DynamicRouteProps> = {
  gateway: gatewayRule("dynamic-route-gateway"),
  name: [{ name: "dynamic-route-name", check: ({ name }) => checkRouteName(name) }],
  graph: [
    {
      name: "dynamic-route-graph",
      check: ({ graph }) =>
        isRouteGraph(graph)
          ? undefined
          : wrongValue(
              "graph",
              graph,
              "what routeGraph((g) => …) makes, or an array of elements, each with an id and a type",
            ),
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
    ...(isRouteGraph(graph) ? validateRouteGraph(graph) : []),
  ];
}

/** What is odd about a route, but may be meant. */
export function dynamicRouteWarnings({ gateway, graph }: DynamicRouteProps): readonly string[] {
  const custom = isRouteGraph(graph)
    ? graph.flatMap(({ id, ...element }) =>
        element.type === "model" && /^custom-/.test(String(element.properties?.provider))
          ? [`${JSON.stringify(id)} (${element.properties.provider})`]
          : [],
      )
    : [];
  return [
    ...(isOpen(gateway)
      ? [
          "gateway: got one without authentication; Cloudflare asks for an authenticated gateway with the providers' keys stored, or a dynamic route fails with 2005. Set authentication: true.",
        ]
      : []),
    ...(custom.length > 0
      ? [
          `graph: got custom providers, ${custom.join(", ")}; in a dynamic route they were reported to fail with 2005. Try it before you rely on it.`,
        ]
      : []),
  ];
}

/** Whether the gateway is declared in this app, with no authentication. Others are not known. */
const isOpen = (gateway: unknown): boolean =>
  gateway instanceof AiGateway && (gateway.props.authentication ?? false) === false;

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
