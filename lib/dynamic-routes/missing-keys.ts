import { Annotations, Aspects, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { AiGateway } from "../ai-gateway/ai-gateway.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { isGateway } from "../ai-gateway/is-gateway.js";
import { ProviderKey } from "../provider-keys/provider-key.js";
import { isToken } from "../terraform-text.js";
import type { DynamicRouteProps } from "./dynamic-route-props.js";
import { isRouteGraph } from "./route-graph-validation.js";

/**
 * Warns at synth of models whose provider has no key at the gateway, where the app is seen to look after keys: it
 * declares one of the gateway, or the gateway takes no other payment. Elsewhere they may be in the dashboard.
 */
export function warnOfMissingKeys(route: Construct, { gateway, graph }: DynamicRouteProps): void {
  if (!isGateway(gateway) || !isRouteGraph(graph)) return;
  // Keys may be declared after the route.
  Aspects.of(route).add({
    visit: (construct) => {
      if (construct !== route) return;
      const providers = keysOf(route, gateway);
      const byokOnly = gateway instanceof AiGateway && gateway.props.byokOnly === true;
      if (providers.length === 0 && !byokOnly) return;
      const missing = needed(graph).filter((provider) => !providers.includes(provider));
      if (missing.length === 0) return;
      Annotations.of(route).addWarning(
        `graph: got models of ${missing.join(", ")}, and no ProviderKey of the gateway for them; without a key, or Unified Billing that pays, a dynamic route fails with 2005. Declare a ProviderKey for each.`,
      );
    },
  });
}

/** The providers that the stack declares a key of the gateway for. */
const keysOf = (route: Construct, gateway: IAiGateway): readonly string[] =>
  TerraformStack.of(route)
    .node.findAll()
    .filter((construct): construct is ProviderKey => construct instanceof ProviderKey)
    .filter((key) => key.gateway === gateway || key.gateway?.declaredId === gateway.declaredId)
    .flatMap(({ usedProviders }) => usedProviders.map(({ provider }) => provider));

/** Providers that ask for a key: Workers AI is Cloudflare's own, a custom one may do without. */
function needed(graph: DynamicRouteProps["graph"]): readonly string[] {
  const providers = graph.flatMap((element) =>
    element.type === "model" ? String(element.properties?.provider) : [],
  );
  return [...new Set(providers)].filter(
    (provider) => !isToken(provider) && provider !== "workers-ai" && !/^custom-/.test(provider),
  );
}
