import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import type { AiGatewayBinding as Declaration } from "../../protocol/binding.js";
import { AiGatewayError as ClientError } from "../ai-gateway-error.js";
import type { AiGatewayClient } from "../gateway-client.js";
import { gatewayFacts } from "../gateway-facts.js";
import type { PlatformLog, PlatformResponse } from "../platform.js";
import { ensureOk } from "../response-error.js";
import type {
  AiGatewayLogPatch,
  AiGatewayProvider,
  AiGatewayRequest,
  AiGatewayRunOptions,
} from "../run-options.js";
import { AiGatewayBinding } from "./ai-gateway-binding.js";
import { AiGatewayError } from "./ai-gateway-error.js";

/** The options of the plain client; a fiber is interrupted instead of signalled. */
export type RunOptions = Omit<AiGatewayRunOptions, "signal">;

/** One gateway as Effects. Each call is a span that says which gateway, cache status and log id. */
export interface AiGatewayService {
  /** The plain client, for what the service does not have. */
  readonly client: AiGatewayClient;

  /**
   * Sends a request, or an array of which the next is tried when one fails. Succeeds with a good
   * response, unread; a refused one is a failure. Interruption ends the request, the provider's part
   * included, until the response is here.
   */
  run(
    request: AiGatewayRequest | readonly AiGatewayRequest[],
    options?: RunOptions,
  ): Effect.Effect<PlatformResponse, AiGatewayError>;

  /**
   * The same as a stream of the answer's bytes, as they come. Whoever stops reading, or is
   * interrupted, ends the request, the provider's part included.
   */
  stream(
    request: AiGatewayRequest | readonly AiGatewayRequest[],
    options?: RunOptions,
  ): Stream.Stream<Uint8Array, AiGatewayError>;

  /** Base URL of a provider behind this gateway; without one the universal endpoint's. */
  getUrl(provider?: AiGatewayProvider): Effect.Effect<string, AiGatewayError>;

  /** Reads a request's log. It can lag behind the answer: `LogNotFound` is retryable. */
  getLog(logId: string): Effect.Effect<PlatformLog, AiGatewayError>;

  /** Adds feedback, score or metadata to a logged request. */
  patchLog(logId: string, patch: AiGatewayLogPatch): Effect.Effect<void, AiGatewayError>;
}

/**
 * A gateway bound to this Worker, as an Effect service.
 *
 * @example
 * ```ts
 * const program = Effect.gen(function* () {
 *   const gateway = yield* AiGateway.bind(GATEWAY);
 *   return yield* gateway.run({ provider: "workers-ai", endpoint: MODEL, query: { prompt: "Say hello." } });
 * });
 * ```
 */
export const AiGateway = {
  /** Fails with `BindingMissing` where the Worker was deployed without the binding. */
  bind: (
    binding: Declaration | string,
  ): Effect.Effect<AiGatewayService, AiGatewayError, AiGatewayBinding> =>
    Effect.map(
      Effect.flatMap(AiGatewayBinding, ({ client }) => client(binding)),
      (client) => makeService(client, typeof binding === "string" ? binding : binding.name),
    ),
} as const;

function makeService(client: AiGatewayClient, name: string): AiGatewayService {
  const span = <A, R>(method: string, effect: Effect.Effect<A, AiGatewayError, R>) =>
    effect.pipe(
      Effect.tapError(({ code, logId }) => annotate({ error: code, log_id: logId })),
      Effect.withSpan(`AiGateway.${method}`, {
        kind: "client",
        attributes: { "ai_gateway.binding": name },
      }),
    );

  const send = (
    request: AiGatewayRequest | readonly AiGatewayRequest[],
    options: RunOptions,
    end?: AbortSignal,
  ) =>
    call((signal) =>
      client.run(request, { ...options, signal: end ?? signal }).then(ensureOk),
    ).pipe(
      Effect.tap((response) => {
        const { cacheStatus, logId, step } = gatewayFacts(response);
        return annotate({ cache_status: cacheStatus, log_id: logId, step });
      }),
    );

  return {
    client,
    run: (request, options = {}) => span("run", send(request, options)),
    stream: (request, options = {}) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const { signal } = yield* abortedAtEnd;
          const response = yield* span("run", send(request, options, signal));
          // The client's own type of a response has no body: it never reads one.
          const { body } = response as { body?: ReadableStream<Uint8Array> | null };
          return body ? Stream.fromReadableStream({ evaluate: () => body, onError }) : Stream.empty;
        }),
      ),
    getUrl: (provider) =>
      span(
        "getUrl",
        call(() => client.getUrl(provider)),
      ),
    getLog: (logId) =>
      span(
        "getLog",
        call(() => client.getLog(logId)),
      ),
    patchLog: (logId, patch) =>
      span(
        "patchLog",
        call(() => client.patchLog(logId, patch)),
      ),
  };
}

/** Aborts when the scope of a stream ends, however it does; after the last byte that changes nothing. */
const abortedAtEnd = Effect.acquireRelease(
  Effect.sync(() => new AbortController()),
  (controller) => Effect.sync(() => controller.abort()),
);

const call = <A>(
  method: (signal: AbortSignal) => PromiseLike<A>,
): Effect.Effect<A, AiGatewayError> =>
  Effect.tryPromise({
    try: method,
    catch: (error) => {
      // The client throws nothing else; what is no failure of a call is a defect.
      if (error instanceof ClientError) return new AiGatewayError(error);
      throw error;
    },
  });

/** An answer that breaks off in the middle. */
const onError = (cause: unknown): AiGatewayError =>
  new AiGatewayError(
    new ClientError("network", `the answer broke off: ${cause}`, { retryable: true, cause }),
  );

/** Facts that are not known are left out of the span. */
const annotate = (facts: Readonly<Record<string, unknown>>): Effect.Effect<void> =>
  Effect.annotateCurrentSpan(
    Object.fromEntries(
      Object.entries(facts).flatMap(([name, value]) =>
        value === undefined ? [] : [[`ai_gateway.${name}`, value]],
      ),
    ),
  );
