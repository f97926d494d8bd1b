import type { Context } from "hono";
import type { Gateway } from "../state/gateway.js";
import { type GatewayStore, gatewayNotFound } from "./ai-gateway/store.js";

/** The gateway in a request's path. @throws {ApiError} 404/7002 */
export function askedGateway(gateways: GatewayStore, { req }: Context): Gateway {
  const id = req.param("gateway") ?? "";
  const gateway = gateways.get(req.param("account") ?? "", id);
  if (!gateway) throw gatewayNotFound(id);
  return gateway;
}
