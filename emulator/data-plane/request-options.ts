import { type RetryBackoff, retryBackoffs } from "../../protocol/gateway-settings.js";
import { legacyRequestHeader, requestHeader } from "../../protocol/headers.js";
import type { Gateway } from "../state/gateway.js";
import type { RequestHeaders } from "../upstreams/upstream.js";

/** How one item is to be handled, after all who have a say were asked. */
export interface RequestOptions {
  /** Seconds; 0 keeps the answer out of the cache, and the cache out of the answer. */
  readonly cacheTtl: number;
  readonly cacheKey: string | undefined;
  readonly skipCache: boolean;
  readonly collectLog: boolean;
  readonly collectPayload: boolean;
  /** As sent; read when the log row is made. */
  readonly metadata: string | undefined;
  /** Milliseconds to the head of the provider's answer. */
  readonly timeoutMs: number | undefined;
  /** The first one included. */
  readonly maxAttempts: number;
  /** Milliseconds. */
  readonly retryDelay: number;
  readonly backoff: RetryBackoff;
}

/** The `config` of an item of a universal request. */
export interface ItemConfig {
  readonly requestTimeout?: unknown;
  readonly maxAttempts?: unknown;
  readonly retryDelay?: unknown;
  readonly backoff?: unknown;
}

/** With an own key on a gateway whose cache is off, in seconds. */
export const OWN_KEY_TTL = 300;
const ONE_MONTH = 31 * 24 * 3600;
const MAX_ATTEMPTS = 5;
const MAX_RETRY_DELAY = 60_000;
/** No source says how long a gateway waits that was only told how often: the emulator's choice. */
const DEFAULT_RETRY_DELAY = 500;

const noHeaders: RequestHeaders = {};
const noConfig: ItemConfig = {};

/**
 * Item `config`, then the item's headers, then the request's, then the gateway's settings. A value
 * that makes no sense (`-1`, `soon`) counts as not given. Cloudflare documents a shortest TTL of
 * 60 s; the emulator takes any, so that a test need not wait for it.
 */
export function readRequestOptions(
  gateway: Gateway,
  headers: RequestHeaders,
  item?: RequestHeaders,
  config?: ItemConfig,
): RequestOptions {
  if (!item && !config && !speaksToGateway(headers)) {
    // Most requests: what the gateway says, worked out once for as long as it says so.
    let options = gatewayOptions.get(gateway);
    if (!options) {
      options = mergeOptions(gateway, noHeaders, noHeaders, noConfig);
      gatewayOptions.set(gateway, options);
    }
    return options;
  }
  return mergeOptions(gateway, headers, item ?? noHeaders, config ?? noConfig);
}

const gatewayOptions = new WeakMap<Gateway, RequestOptions>();

function speaksToGateway(headers: RequestHeaders): boolean {
  for (const name in headers) if (name.startsWith("cf-")) return true;
  return false;
}

function mergeOptions(
  gateway: Gateway,
  headers: RequestHeaders,
  item: RequestHeaders,
  config: ItemConfig,
): RequestOptions {
  const get = (name: string): string | undefined =>
    (item[name] ?? headers[name]) as string | undefined;
  const gatewayTtl = gateway.cache_ttl ?? 0;
  const cacheKey = get(requestHeader.cacheKey) || undefined;
  const ttl =
    whole(get(requestHeader.cacheTtl)) ??
    whole(get(legacyRequestHeader.cacheTtl)) ??
    (cacheKey !== undefined && gatewayTtl === 0 ? OWN_KEY_TTL : gatewayTtl);
  const backoff = (config.backoff ?? get(requestHeader.backoff)) as RetryBackoff | undefined;
  const attempts =
    whole(config.maxAttempts) ??
    whole(get(requestHeader.maxAttempts)) ??
    gateway.retry_max_attempts ??
    1;
  return {
    cacheTtl: Math.min(ttl, Math.max(ONE_MONTH, gatewayTtl)),
    cacheKey,
    skipCache: (get(requestHeader.skipCache) ?? get(legacyRequestHeader.skipCache)) === "true",
    collectLog: flag(get(requestHeader.collectLog)) ?? gateway.collect_logs,
    collectPayload: flag(get(requestHeader.collectLogPayload)) ?? true,
    metadata: get(requestHeader.metadata),
    timeoutMs: whole(config.requestTimeout) ?? whole(get(requestHeader.requestTimeout)),
    maxAttempts: Math.min(MAX_ATTEMPTS, Math.max(1, attempts)),
    retryDelay: Math.min(
      MAX_RETRY_DELAY,
      whole(config.retryDelay) ??
        whole(get(requestHeader.retryDelay)) ??
        gateway.retry_delay ??
        DEFAULT_RETRY_DELAY,
    ),
    backoff:
      backoff !== undefined && retryBackoffs.includes(backoff)
        ? backoff
        : (gateway.retry_backoff ?? "constant"),
  };
}

function flag(text: string | undefined): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

function whole(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? value : undefined;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
