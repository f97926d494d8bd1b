import type { Clock } from "../clock.js";
import type { Products } from "../state/products.js";
import type { GatewayStore } from "./ai-gateway/store.js";

/** What the routes of something that belongs to a gateway are made of. */
export interface GatewayResourceOptions {
  readonly gateways: GatewayStore;
  readonly products: Products;
  readonly clock: Clock;
  /** Takes what a person should know about a product that is emulated in part. */
  readonly log: (line: string) => void;
}
