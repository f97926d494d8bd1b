import { hash } from "node:crypto";
import { findHeader } from "../../upstreams/header-list.js";
import { credentialHeaders } from "../../upstreams/providers.js";
import { type CacheStore, MAX_CACHED_BYTES } from "../cache-store.js";
import { type GatewayAnswer, isSuccess } from "../gateway-answer.js";
import type { GatewayItem, GatewayRequest } from "../gateway-request.js";

/** The part of a cache key that no two gateways share. */
export const cachePrefix = (accountId: string, gatewayId: string): string =>
  `${accountId}/${gatewayId}/`;

/**
 * The key of an item, or undefined when caching is off for it. Only POST asks a model.
 *
 * By default the key is a hash of provider, path with query, method, body, and the credential the
 * caller shows the provider: an answer paid with one key is not given to another.
 * @see https://developers.cloudflare.com/ai-gateway/features/caching/
 */
export function renderCacheKey(request: GatewayRequest, item: GatewayItem): string | undefined {
  const { options } = item;
  if (options.cacheTtl === 0 || item.method !== "POST") return undefined;
  const prefix = cachePrefix(request.accountId, request.gateway.id);
  if (options.cacheKey !== undefined) return `${prefix}own/${options.cacheKey}`;
  // None of these can hold a line break, so no two questions are spelled alike.
  let text = `${item.provider}\n${item.path}\n${item.bare}\n${request.trusted}\n`;
  for (const name of credentialHeaders) text += `${item.headers[name] ?? ""}\n`;
  return prefix + hash("sha256", text + item.body.toString("latin1"), "base64");
}

export function readCache(
  store: CacheStore,
  key: string,
  { skipCache }: { readonly skipCache: boolean },
  now: number,
): GatewayAnswer | undefined {
  if (skipCache) return undefined;
  const entry = store.get(key, now);
  if (!entry) return undefined;
  const { status, headers, body, request } = entry;
  return { status, headers, body, request, cached: true };
}

/** Successes are stored, and streams are not: the product does not cache those by default. */
export function isCacheable(answer: GatewayAnswer): boolean {
  if (!isSuccess(answer) || answer.cached) return false;
  const length = Number(findHeader(answer.headers, "content-length") ?? 0);
  const type = findHeader(answer.headers, "content-type");
  return length <= MAX_CACHED_BYTES && !type?.startsWith("text/event-stream");
}

export function writeCache(
  store: CacheStore,
  key: string,
  { options, body: asked }: GatewayItem,
  answer: GatewayAnswer,
  body: Buffer,
  now: number,
): void {
  const headers: string[] = [];
  for (let index = 0; index < answer.headers.length; index += 2) {
    const name = answer.headers[index] as string;
    if (name === "content-length" || name === "date") continue;
    headers.push(name, answer.headers[index + 1] as string);
  }
  headers.push("content-length", String(body.length));
  const expiresAt = now + options.cacheTtl * 1000;
  const request = options.cacheKey === undefined ? asked : undefined;
  store.set(key, { status: answer.status, headers, body, request, expiresAt }, now);
}
