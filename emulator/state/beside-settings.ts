import type { BesideSettings } from "../data-plane/steps/enforce.js";
import type { Products } from "./products.js";

/** What gateways have in the account that the data plane does not carry out. */
export function besideSettings({
  policies,
  providerConfigs,
}: Pick<Products, "policies" | "providerConfigs">): BesideSettings {
  return {
    hasPolicies: (gatewayId) =>
      policies
        .list()
        .some(({ gateway_id, committed }) => gateway_id === gatewayId && committed !== null),
    storedKeys: (gatewayId) =>
      providerConfigs
        .list()
        .filter(({ gateway_id }) => gateway_id === gatewayId)
        .map(({ provider_slug, alias }) => `${provider_slug}/${alias}`),
  };
}
