import { type GatewayErrorFacts, gatewayErrors } from "../../protocol/gateway-errors.js";
import type { Clock } from "../clock.js";
import type { LogStore } from "../logs/log-entry.js";
import type { GatewayLookup } from "../state/gateway.js";
import { CancelledError } from "../upstreams/cancellation.js";
import type { Upstreams } from "../upstreams/create-upstreams.js";
import { UpstreamUnreachableError } from "../upstreams/upstream.js";
import { AnsweredRequest } from "./answered-request.js";
import type { CacheStore } from "./cache-store.js";
import { discard, type GatewayAnswer, isSuccess, refuse } from "./gateway-answer.js";
import type { GatewayItem, GatewayRequest } from "./gateway-request.js";
import { authenticate, type MayRun } from "./steps/authenticate.js";
import { cachePrefix, readCache, renderCacheKey } from "./steps/cache.js";
import type { Enforcement } from "./steps/enforce.js";
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
  readonly enforcement: Enforcement;
  readonly gateways: GatewayLookup;
  readonly ids: () => string;
  readonly limiter: RateLimiter;
  readonly logs: LogStore;
  readonly mayRun: MayRun;
  readonly upstreams: Upstreams;
  readonly warn: (message: string) => void;
}

/** The product, step by step: authenticate, refuse what is not emulated, rate limit, then the items until one succeeds. */
export async function answerRequest(
  request: GatewayRequest,
  parts: GatewayParts,
): Promise<AnsweredRequest> {
  const { accountId, gateway, items, arrivedAt } = request;
  const refusal =
    authenticate(request, parts.apiToken, parts.mayRun) ??
    parts.enforcement.check(request) ??
    parts.limiter.admit(cachePrefix(accountId, gateway.id), gateway, arrivedAt);
  if (refusal) return new AnsweredRequest(parts, request, 0, arrivedAt, refuse(refusal), false);
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
  const { generation } = cache;
  const cached = key && readCache(cache, key, item.options, startedAt);
  if (cached) return new AnsweredRequest(parts, request, step, startedAt, cached);
  const target = route(item, upstreams);
  const refused = (facts: GatewayErrorFacts) =>
    new AnsweredRequest(parts, request, step, startedAt, refuse(facts));
  if ("code" in target) return refused(target);
  const keyless = parts.enforcement.checkKey(request, item, target);
  if (keyless) return refused(keyless);
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
  return new AnsweredRequest(parts, request, step, startedAt, answer, true, key, generation);
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
  if (error instanceof UpstreamTimeoutError) {
    return explained(gatewayErrors.timeout, `${item.provider}: ${error.message}`);
  }
  if (!(error instanceof UpstreamUnreachableError)) throw error;
  warn(`${item.provider}: ${error.message}`);
  return explained(gatewayErrors["provider-failed"], error.message);
}

/** Cloudflare's words first, then what only the emulator knows: who failed, and how. */
const explained = (facts: GatewayErrorFacts, cause: string): GatewayAnswer =>
  refuse(facts, `${facts.message}: ${cause}`);
