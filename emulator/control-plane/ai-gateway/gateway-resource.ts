import { Hono } from "hono";
import { matchedRoutes } from "hono/route";
import type { Clock } from "../../clock.js";
import type { Products } from "../../state/products.js";
import { askedGateway } from "./asked-gateway.js";
import type { GatewayStore } from "./store.js";

/** What the routes of something that belongs to a gateway are made of. */
export interface GatewayResourceOptions {
  readonly gateways: GatewayStore;
  readonly products: Products;
  readonly clock: Clock;
  /** Takes what a person should know about a product that is emulated in part. */
  readonly log: (line: string) => void;
}

export interface GatewayResourceEnv {
  readonly Variables: { readonly gatewayId: string };
}
export type GatewayResourceRoutes = Hono<GatewayResourceEnv>;

/** Routes of what belongs to the gateway in a request's path: what they answer is 404/7002 where there is none. */
export function gatewayResourceRoutes(gateways: GatewayStore): GatewayResourceRoutes {
  const routes: GatewayResourceRoutes = new Hono();
  routes.use("*", async (c, next) => {
    // What is not emulated is not, whether the gateway is there or not.
    const isEmulated = matchedRoutes(c).some(({ method }) => method !== "ALL");
    if (isEmulated) c.set("gatewayId", askedGateway(gateways, c).id);
    await next();
  });
  return routes;
}
