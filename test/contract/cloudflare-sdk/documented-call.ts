import type Cloudflare from "cloudflare";
import type { Place } from "./sdk-account.js";

/** What Cloudflare documents and its SDK has no method for: the SDK's client sends it, and unwraps nothing. */
export interface Envelope<Result> {
  readonly success: boolean;
  readonly result: Result;
}

interface Sent {
  readonly body?: object;
  readonly query?: Record<string, unknown>;
}

type Method = "get" | "post" | "put" | "patch" | "delete";

/** Calls a path below AI Gateway. */
export const call = <Result>(
  client: Cloudflare,
  method: Method,
  account_id: string,
  path: string,
  sent: Sent = {},
): Promise<Envelope<Result>> => client[method](`/accounts/${account_id}/ai-gateway${path}`, sent);

/** Calls a path below a gateway. */
export const callBelow = <Result>(
  client: Cloudflare,
  method: Method,
  { account_id, gateway_id }: Place,
  path: string,
  sent: Sent = {},
): Promise<Envelope<Result>> =>
  call(client, method, account_id, `/gateways/${gateway_id}${path}`, sent);
