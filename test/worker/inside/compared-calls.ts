import * as Effect from "effect/Effect";
import {
  AiGateway,
  AiGatewayBindingLive,
  WorkerEnvironment,
} from "../../../worker/effect/index.js";
import { type AiGatewayEnv, aiGateway, aiGatewayBinding } from "../../../worker/index.js";

const GATEWAY = aiGatewayBinding("GATEWAY");
const item = () => ({
  provider: "workers-ai",
  endpoint: "@cf/meta/llama-3.1-8b-instruct",
  headers: { "content-type": "application/json" },
  query: { prompt: "Hello" },
});

const program = AiGateway.bind(GATEWAY).pipe(
  Effect.flatMap((gateway) => gateway.run(item(), { cacheTtl: 60, eventId: "e" })),
  Effect.provide(AiGatewayBindingLive),
);

/** `/client`, `/effect` and `/bare` make the same call. */
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/effect")
      return Effect.runPromise(
        Effect.provideService(program, WorkerEnvironment, env),
      ) as Promise<Response>;
    return pathname === "/client"
      ? aiGateway(env, GATEWAY).run(item(), { cacheTtl: 60, eventId: "e" })
      : env.AI.gateway(env.GATEWAY).run(item(), {
          gateway: { id: env.GATEWAY, cacheTtl: 60, eventId: "e" },
        });
  },
} satisfies ExportedHandler<AiGatewayEnv<typeof GATEWAY, Ai>>;
