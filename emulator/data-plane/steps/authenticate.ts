import { type GatewayErrorFacts, gatewayErrors } from "../../../protocol/gateway-errors.js";
import { requestHeader } from "../../../protocol/headers.js";
import type { GatewayRequest } from "../gateway-request.js";

/**
 * An authenticated gateway answers only who shows a token. A Worker's binding needs none: the
 * account's own script is calling.
 */
export function authenticate(
  { gateway, headers, trusted }: GatewayRequest,
  apiToken: string,
): GatewayErrorFacts | undefined {
  if (!gateway.authentication || trusted) return undefined;
  if (headers[requestHeader.authorization] === `Bearer ${apiToken}`) return undefined;
  return gatewayErrors.unauthorized;
}
