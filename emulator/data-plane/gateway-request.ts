import type { Gateway } from "../state/gateway.js";
import type { Cancellation } from "../upstreams/cancellation.js";
import type { RequestHeaders } from "../upstreams/upstream.js";
import type { RequestOptions } from "./request-options.js";

/** One question to a gateway, whichever door it came through. */
export interface GatewayRequest {
  readonly accountId: string;
  readonly gateway: Gateway;
  readonly headers: RequestHeaders;
  /** Came through a Worker's binding, which is its own proof of identity. */
  readonly trusted: boolean;
  /** Where the caller is, as far as the connection tells. */
  readonly address: string | undefined;
  /** Tried in order until one succeeds; a provider URL brings exactly one. */
  readonly items: readonly GatewayItem[];
  /** Also the id of the first item's log row. */
  readonly id: string;
  /** The caller's own, else `id`. */
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly cancellation: Cancellation;
}

/** One provider to ask, and what to ask it. */
export interface GatewayItem {
  /** A provider's slug, or `compat`, where the model in the body names the provider. */
  readonly provider: string;
  readonly method: string;
  /** Below the slug, without a leading slash, with the query string. */
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  readonly options: RequestOptions;
  /** The answer is a model's bare output, without Cloudflare's envelope (`AI.run`). */
  readonly bare: boolean;
}
