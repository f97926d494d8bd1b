import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as Stream from "effect/Stream";
import * as Tracer from "effect/Tracer";
import {
  AiGateway,
  AiGatewayBinding,
  AiGatewayBindingLive,
  type AiGatewayError,
  aiGatewayBinding,
  WorkerEnvironment,
} from "../../../worker/effect/index.js";
import { type AiGatewayEnv, AiGatewayError as ClientError } from "../../../worker/index.js";

const GATEWAY = aiGatewayBinding("GATEWAY");
const request = { provider: "openai", endpoint: "chat/completions", query: { n: 1 } } as const;

type Program = Effect.Effect<unknown, unknown, AiGatewayBinding>;

const gateway = AiGateway.bind(GATEWAY);

const describe = ({ _tag, reason, message, code }: AiGatewayError, error: unknown) => ({
  _tag,
  reason,
  code,
  message,
  plain: error instanceof ClientError,
});

const routes: Readonly<Record<string, Program>> = {
  "/run": gateway.pipe(
    Effect.flatMap((service) => service.run(request)),
    Effect.catchTag("AiGatewayError", (error) => Effect.succeed(describe(error, error))),
  ),

  "/reason": gateway.pipe(
    Effect.flatMap((service) => service.run(request)),
    Effect.catchReason("AiGatewayError", "RateLimited", ({ status, retryable, logId }) =>
      Effect.succeed({ caught: "RateLimited", status, retryable, logId }),
    ),
    Effect.catchTag("AiGatewayError", ({ reason }) => Effect.succeed({ others: reason._tag })),
  ),

  "/logs": Effect.gen(function* () {
    const service = yield* gateway;
    const url = yield* service.getUrl("openai");
    const log = yield* service.getLog("log-1");
    yield* service.patchLog("log-1", { score: 3 });
    const missing = yield* Effect.flip(service.getLog("no/id"));
    return { url, log: log.id, missing: missing.reason._tag };
  }),

  "/chunks": Effect.gen(function* () {
    const service = yield* gateway;
    const chunks = yield* service.stream(request).pipe(Stream.decodeText(), Stream.runCollect);
    return { text: [...chunks].join(""), many: [...chunks].length > 1 };
  }),

  "/broken": Effect.gen(function* () {
    const service = yield* gateway;
    const error = yield* Effect.flip(Stream.runDrain(service.stream(request)));
    return { tag: error.reason._tag, retryable: error.retryable };
  }),

  // Who takes a part of a stream leaves the rest.
  "/some": Effect.gen(function* () {
    const service = yield* gateway;
    yield* service.stream(request).pipe(Stream.take(1), Stream.runDrain);
    return { done: true };
  }),

  "/interrupted": Effect.gen(function* () {
    const service = yield* gateway;
    const fiber = yield* Effect.forkChild(service.run(request));
    yield* Effect.sleep("100 millis");
    yield* Fiber.interrupt(fiber);
    return { done: true };
  }),

  "/spans": Effect.gen(function* () {
    const spans: Tracer.NativeSpan[] = [];
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options);
        spans.push(span);
        return span;
      },
    });
    const service = yield* gateway;
    yield* service.run(request).pipe(Effect.exit, Effect.provideService(Tracer.Tracer, tracer));
    return spans.map(({ name, kind, attributes }) => ({
      name,
      kind,
      attributes: Object.fromEntries(attributes),
    }));
  }),

  "/own-layer": Effect.gen(function* () {
    const service = yield* AiGateway.bind("ANY");
    return yield* service.getUrl();
  }).pipe(
    Effect.provideService(AiGatewayBinding, {
      client: () => Effect.succeed({ getUrl: async () => "stand-in" } as never),
    }),
  ),

  "/missing": Effect.flip(AiGateway.bind("NOT_BOUND")).pipe(
    Effect.map((error) => describe(error, error)),
  ),
};

export default {
  async fetch(incoming, env) {
    const route = routes[new URL(incoming.url).pathname];
    if (!route) return new Response("No such probe", { status: 404 });
    const result = await route.pipe(
      Effect.provide(AiGatewayBindingLive),
      Effect.provideService(WorkerEnvironment, env),
      Effect.runPromise,
    );
    return result instanceof Response ? result : Response.json(result);
  },
} satisfies ExportedHandler<AiGatewayEnv<typeof GATEWAY>>;
