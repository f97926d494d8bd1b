import type { GatewaySettings } from "../../protocol/gateway-settings.js";

/** A gateway as the REST API shows it. */
export interface Gateway extends GatewaySettings {
  readonly id: string;
  readonly created_at: string;
  readonly modified_at: string;
  readonly is_default: boolean;
}

/** What happened to a gateway, for whoever keeps something derived from it (cache, counters). */
export type GatewayEvent =
  | { readonly type: "updated"; readonly accountId: string; readonly gateway: Gateway }
  | { readonly type: "deleted"; readonly accountId: string; readonly gateway: Gateway };

/** The gateways as the data plane sees them: read from memory, on every request. */
export interface GatewayLookup {
  get(accountId: string, gatewayId: string): Gateway | undefined;
  /** @returns a function that ends the subscription. */
  subscribe(listener: (event: GatewayEvent) => void): () => void;
}
