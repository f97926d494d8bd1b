import type { requestHeader } from "../protocol/headers.js";
import { attempt, checkId } from "./attempt.js";
import type { AiBinding, PlatformGateway, PlatformRequest } from "./platform.js";
import type {
  AiGatewayLogPatch,
  AiGatewayProvider,
  AiGatewayRequest,
  AiGatewayRunOptions,
} from "./run-options.js";

/** One gateway, as a Worker calls it. It holds no state of a request and may be shared. */
export interface AiGatewayClient<Platform extends PlatformGateway = PlatformGateway> {
  /** The platform's own `AiGateway`, for what this client does not have. */
  readonly raw: Platform;

  /**
   * Sends a request, or an array of which the next is tried when one fails.
   *
   * Hands back the platform's `Response`, unread, whatever its status: return it, or see
   * `gatewayFacts`, `ensureOk` and `toAiGatewayError`.
   *
   * @throws {AiGatewayError} when no response came: `network`, `timeout`, `aborted` or
   * `invalid-request`.
   */
  run(
    request: AiGatewayRequest | readonly AiGatewayRequest[],
    options?: AiGatewayRunOptions,
  ): ReturnType<Platform["run"]>;

  /**
   * Base URL of a provider behind this gateway, for an SDK that wants one; without a provider the
   * universal endpoint's.
   * @throws {AiGatewayError}
   */
  getUrl(provider?: AiGatewayProvider): Promise<string>;

  /**
   * Reads a request's log. It can lag some seconds behind the answer: `log-not-found` is retryable.
   * @param logId From `gatewayFacts(response).logId`.
   * @throws {AiGatewayError}
   */
  getLog(logId: string): ReturnType<Platform["getLog"]>;

  /**
   * Adds feedback, score or metadata to a logged request.
   * @throws {AiGatewayError}
   */
  patchLog(logId: string, patch: AiGatewayLogPatch): Promise<void>;
}

// Not the protocol's table itself, which would be in every bundle whole; its type still checks.
const noCache = { "cf-aig-cache-ttl": "0" } satisfies {
  [Name in (typeof requestHeader)["cacheTtl"]]: string;
};

export function makeClient(ai: AiBinding, id: string): AiGatewayClient {
  checkId(id);
  // Without `beta: false` the compatibility flag `experimental` turns this into an RPC stub, which
  // must not outlive its request and takes no signal.
  const raw = ai.gateway(id, { beta: false });
  return {
    raw,
    run: (request, { extraHeaders, signal, ...gateway } = {}) =>
      attempt(
        () =>
          raw.run([request].flat().map(copy), {
            gateway,
            // The platform's client drops a TTL of 0, which keeps the answer out of the cache.
            extraHeaders: gateway.cacheTtl === 0 ? { ...noCache, ...extraHeaders } : extraHeaders,
            signal,
          }),
        "invalid-request",
        undefined,
        signal,
      ),
    getUrl: async (provider) => {
      if (provider !== undefined) checkId(provider);
      return attempt(() => raw.getUrl(provider), "bad-response");
    },
    getLog: async (logId) => {
      checkId(logId);
      return attempt(() => raw.getLog(logId), "bad-response", logId);
    },
    patchLog: async (logId, patch) => {
      checkId(logId);
      return attempt(() => raw.patchLog(logId, patch), "invalid-request", logId);
    },
  };
}

// The platform's client turns the header values of what it gets into strings, in place.
const copy = (item: AiGatewayRequest): PlatformRequest => ({
  ...item,
  headers: { ...item.headers },
});
