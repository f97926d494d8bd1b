import * as Effect from "effect/Effect";
import type { AiGatewayEnv } from "../ai-gateway-env.js";
import {
  AiGateway,
  AiGatewayBindingLive,
  aiGatewayBinding,
  WorkerEnvironment,
} from "../effect/index.js";

const GATEWAY = aiGatewayBinding("GATEWAY");
const MODEL = "@cf/meta/llama-3.1-8b-instruct";

/** `POST /ai` of the chat app, written with the Effect service: `{ "prompt": "…" }`, answered as it comes. */
const ai = Effect.fn("POST /ai")(function* (request: Request) {
  const { prompt } = yield* readQuestion(request);
  const gateway = yield* AiGateway.bind(GATEWAY);
  return yield* gateway.run({ provider: "workers-ai", endpoint: MODEL, query: { prompt } });
});

class BadBody {
  readonly _tag = "BadBody";
}

const readQuestion = (request: Request) =>
  Effect.tryPromise({
    try: async () => {
      const { prompt } = (await request.json()) as { prompt?: unknown };
      if (typeof prompt !== "string" || prompt.trim() === "") throw new TypeError("no prompt");
      return { prompt };
    },
    catch: () => new BadBody(),
  });

const refuse = (status: number, error: string) =>
  Effect.succeed(Response.json({ error }, { status }));

export default {
  fetch: (request, env) =>
    ai(request).pipe(
      Effect.catchTag("BadBody", () =>
        refuse(400, 'Send a JSON object such as {"prompt":"Hello"}.'),
      ),
      Effect.catchReason("AiGatewayError", "RateLimited", () =>
        refuse(429, "Too many questions. Ask again in a minute."),
      ),
      Effect.catchTag("AiGatewayError", ({ message }) => refuse(502, message)),
      Effect.provide(AiGatewayBindingLive),
      Effect.provideService(WorkerEnvironment, env),
      // Who leaves ends the provider's work, too.
      (program) => Effect.runPromise(program, { signal: request.signal }),
    ),
} satisfies ExportedHandler<AiGatewayEnv<typeof GATEWAY>>;
