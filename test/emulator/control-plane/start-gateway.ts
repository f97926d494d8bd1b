import type { Answer, Api } from "./start-api.js";

export const gateways = "/ai-gateway/gateways";

/** What a gateway must have. */
export const required = {
  cache_invalidate_on_update: false,
  cache_ttl: 60,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

/** Asks for a gateway with what it must have, and more. */
export const createGateway = (api: Api, id: string, more: object = {}): Promise<Answer> =>
  api.call("POST", gateways, { id, ...required, ...more });

/** Makes a gateway with nothing but what it must have. @returns its path below the account. */
export async function startGateway(api: Api, id = "mine"): Promise<string> {
  const { status, text } = await createGateway(api, id);
  if (status !== 200) throw new Error(`The gateway was not made: ${text}`);
  return `${gateways}/${id}`;
}
