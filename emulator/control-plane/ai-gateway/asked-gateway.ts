import type { Context } from "hono";
import type { Gateway } from "../../state/gateway.js";
import { gatewayNotFound } from "./refusals.js";
import type { GatewayStore } from "./store.js";

/** The gateway in a request's path. @throws {ApiError} 404/7002 */
export function askedGateway(gateways: GatewayStore, { req }: Context): Gateway {
  const id = req.param("gateway") ?? "";
  return gateways.get(req.param("account") ?? "", id) ?? gatewayNotFound(id);
}
