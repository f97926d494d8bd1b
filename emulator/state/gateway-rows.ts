import type { StateDocument } from "./state-document.js";

/**
 * What goes with its gateway. No source says what Cloudflare does with it: kept, a host name could be given to no
 * other gateway and taken from this one by nobody, and policies would bind another one that gets the same id.
 */
const goWithTheirGateway = [
  "provider_configs",
  "gateway_domains",
  "policies",
  "datasets",
  "evaluations",
] as const satisfies readonly (keyof StateDocument["products"])[];

/** The rows that stay when a gateway is deleted; its dynamic routes are among them, as on Cloudflare. */
export function withoutRowsOf(
  gatewayId: string,
  products: StateDocument["products"],
): StateDocument["products"] {
  const kept = goWithTheirGateway.map((name) => [
    name,
    products[name].filter(({ gateway_id }) => gateway_id !== gatewayId),
  ]);
  return { ...products, ...Object.fromEntries(kept) };
}
