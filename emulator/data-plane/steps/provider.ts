import type { Cancellation } from "../../upstreams/cancellation.js";
import type { GatewayAnswer } from "../gateway-answer.js";
import type { GatewayItem, GatewayRequest } from "../gateway-request.js";
import type { Route } from "./route.js";

/** Asks the provider once; its answer passes with its own status and body. */
export async function askProvider(
  { trusted }: GatewayRequest,
  { method, headers, bare }: GatewayItem,
  { upstream, path, body }: Route,
  cancellation: Cancellation,
): Promise<GatewayAnswer> {
  const answer = await upstream.send({ method, path, headers, body, trusted, bare, cancellation });
  return { status: answer.status, headers: answer.headers, body: answer.body, cached: false };
}
