import type { GatewayRequest } from "../gateway-request.js";
import { readRequestOptions } from "../request-options.js";
import { admit, type DoorParts, type Knock } from "./door.js";

/** `/{provider}/{path…}`: one provider, asked in its own words; `compat` is one of them. */
export function openProviderUrl(
  knock: Knock,
  provider: string,
  path: string,
  parts: DoorParts,
): GatewayRequest {
  const { method, headers, body } = knock;
  return admit(knock, parts, (gateway) => [
    {
      provider,
      method,
      path,
      headers,
      body,
      options: readRequestOptions(gateway, headers),
      bare: false,
    },
  ]);
}
