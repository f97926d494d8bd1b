import { gatewayErrors } from "../../protocol/gateway-errors.js";
import type { Clock } from "../clock.js";
import { MAX_PAYLOAD_BYTES } from "../logs/create-log-store.js";
import type { LogStore } from "../logs/log-entry.js";
import { CancelledError } from "../upstreams/cancellation.js";
import type { Upstreams } from "../upstreams/create-upstreams.js";
import { UpstreamUnreachableError } from "../upstreams/upstream.js";
import { BodyRecording } from "./body-recording.js";
import { type CacheStore, MAX_CACHED_BYTES } from "./cache-store.js";
import { discard, type GatewayAnswer, isSuccess, refuse } from "./gateway-answer.js";
import type { GatewayItem, GatewayRequest } from "./gateway-request.js";
import { authenticate } from "./steps/authenticate.js";
import { cachePrefix, isCacheable, readCache, renderCacheKey, writeCache } from "./steps/cache.js";
import { log } from "./steps/log.js";
import { askProvider } from "./steps/provider.js";
import type { RateLimiter } from "./steps/rate-limit.js";
import { retry } from "./steps/retry.js";
import { route } from "./steps/route.js";
import { timeout, UpstreamTimeoutError } from "./steps/timeout.js";

/** What the steps work with. */
export interface GatewayParts {
  readonly apiToken: string;
  readonly cache: CacheStore;
  readonly clock: Clock;
  readonly ids: () => string;
  readonly limiter: RateLimiter;
  readonly logs: LogStore;
  readonly upstreams: Upstreams;
  readonly warn: (message: string) => void;
}

/** An answer on its way to the caller, and what is left to do when it has arrived. */
export interface AnsweredRequest {
  readonly answer: GatewayAnswer;
  /** Index of the item that answered. */
  readonly step: number;
  /** Absent when the request leaves no row. */
  readonly logId: string | undefined;
  /** False when the gateway refused before it looked for an answer. */
  readonly cacheAsked: boolean;
  /** Whoever delivers the body shows it what passes. */
  readonly recording: BodyRecording;
  finish(complete: boolean): void;
}

/** The product, step by step: authenticate, rate limit, then the items until one succeeds. */
export async function answerRequest(
  request: GatewayRequest,
  parts: GatewayParts,
): Promise<AnsweredRequest> {
  const { accountId, gateway, items, arrivedAt } = request;
  const refusal =
    authenticate(request, parts.apiToken) ??
    parts.limiter.admit(cachePrefix(accountId, gateway.id), gateway, arrivedAt);
  if (refusal)
    return attach(request, parts, 0, refuse(refusal), { startedAt: arrivedAt, asked: false });
  for (let step = 0; ; step++) {
    const answered = await answerItem(request, parts, step);
    if (isSuccess(answered.answer) || step === items.length - 1) return answered;
    const { body } = answered.answer;
    if (Buffer.isBuffer(body)) answered.recording.push(body);
    discard(body);
    answered.finish(true);
  }
}

/** Cache, route, retry, timeout, provider: one item's way to an answer. */
async function answerItem(
  request: GatewayRequest,
  parts: GatewayParts,
  step: number,
): Promise<AnsweredRequest> {
  const { cache, clock, upstreams } = parts;
  const { cancellation } = request;
  const item = request.items[step] as GatewayItem;
  const startedAt = step === 0 ? request.arrivedAt : clock.now();
  const key = renderCacheKey(request, item);
  const cached = key && readCache(cache, key, item.options, startedAt);
  if (cached) return attach(request, parts, step, cached, { startedAt });
  const target = route(item, upstreams);
  if ("code" in target) return attach(request, parts, step, refuse(target), { startedAt });
  let answer: GatewayAnswer;
  try {
    answer = await retry(item.options, clock, cancellation, (last) =>
      timeout(item.options, last, clock, cancellation, (attempt) =>
        askProvider(request, item, target, attempt),
      ),
    );
  } catch (error) {
    answer = explainFailure(error, request, item, parts);
  }
  return attach(request, parts, step, answer, { startedAt, key });
}

function explainFailure(
  error: unknown,
  { cancellation }: GatewayRequest,
  item: GatewayItem,
  { warn }: GatewayParts,
): GatewayAnswer {
  // Nobody reads this answer; the log row shows it with the status web servers give it.
  if (cancellation.cancelled || error instanceof CancelledError) {
    return refuse({ status: 499, code: 499, message: "The caller left before the answer." });
  }
  if (error instanceof UpstreamTimeoutError) return refuse(gatewayErrors.timeout);
  if (!(error instanceof UpstreamUnreachableError)) throw error;
  warn(`${item.provider}: ${error.message}`);
  return refuse(gatewayErrors["provider-failed"]);
}

/** @param key where the answer may be stored; none for what came from the cache, or refusals. */
function attach(
  request: GatewayRequest,
  parts: GatewayParts,
  step: number,
  answer: GatewayAnswer,
  {
    startedAt,
    key,
    asked = true,
  }: { startedAt: number; key?: string | undefined; asked?: boolean },
): AnsweredRequest {
  const { cache, clock, logs } = parts;
  const item = request.items[step] as GatewayItem;
  const { collectLog, collectPayload, cacheTtl } = item.options;
  const storeAt = key !== undefined && isCacheable(answer) ? key : undefined;
  const kept = collectLog && collectPayload ? MAX_PAYLOAD_BYTES : 0;
  const recording = new BodyRecording(storeAt !== undefined ? MAX_CACHED_BYTES : kept);
  // One request, one id, as long as there is but one row.
  const logId = step === 0 ? request.id : parts.ids();
  const { generation } = cache;
  let finished = false;
  const finish = (complete: boolean) => {
    if (finished) return;
    finished = true;
    const now = clock.now();
    const body = complete && storeAt !== undefined ? recording.body() : undefined;
    // What was dropped while the provider worked must not come back.
    if (body && storeAt !== undefined && generation === cache.generation) {
      writeCache(cache, storeAt, answer, body, now + cacheTtl * 1000);
    }
    log(logs, request, { item, step, logId, startedAt, answer, recording, complete }, now);
  };
  return {
    answer,
    step,
    logId: collectLog ? logId : undefined,
    cacheAsked: asked,
    recording,
    finish,
  };
}
