import type { Api } from "./start-api.js";

/** Makes a gateway with nothing but what it must have. @returns its path below the account. */
export async function startGateway(api: Api, id = "mine"): Promise<string> {
  const { status, text } = await api.call("POST", "/ai-gateway/gateways", {
    id,
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
  if (status !== 200) throw new Error(`The gateway was not made: ${text}`);
  return `/ai-gateway/gateways/${id}`;
}
