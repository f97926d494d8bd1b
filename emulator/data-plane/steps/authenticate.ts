import { type GatewayErrorFacts, gatewayErrors } from "../../../protocol/gateway-errors.js";
import { requestHeader } from "../../../protocol/headers.js";
import type { GatewayRequest } from "../gateway-request.js";

/** Whether a token that is not the emulator's own may ask authenticated gateways, from this address. */
export type MayRun = (token: string, address: string | undefined) => boolean;

/**
 * An authenticated gateway answers only who shows a token. A Worker's binding needs none: the
 * account's own script is calling.
 */
export function authenticate(
  { gateway, headers, trusted, address }: GatewayRequest,
  apiToken: string,
  mayRun: MayRun,
): GatewayErrorFacts | undefined {
  if (!gateway.authentication || trusted) return undefined;
  const header = headers[requestHeader.authorization];
  if (typeof header === "string" && header.startsWith("Bearer ")) {
    const token = header.slice("Bearer ".length);
    if (token === apiToken || mayRun(token, address)) return undefined;
  }
  return gatewayErrors.unauthorized;
}
