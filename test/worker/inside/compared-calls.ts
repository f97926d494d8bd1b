import type { AiGatewayEnv } from "../../../worker/index.js";
import { aiGateway, aiGatewayBinding } from "../../../worker/index.js";

const GATEWAY = aiGatewayBinding("GATEWAY");
const item = () => ({
  provider: "workers-ai",
  endpoint: "@cf/meta/llama-3.1-8b-instruct",
  headers: { "content-type": "application/json" },
  query: { prompt: "Hello" },
});

/** `/client` and `/bare` make the same call, one through the client. */
export default {
  fetch(request, env) {
    return new URL(request.url).pathname === "/client"
      ? aiGateway(env, GATEWAY).run(item(), { cacheTtl: 60, eventId: "e" })
      : env.AI.gateway(env.GATEWAY).run(item(), {
          gateway: { id: env.GATEWAY, cacheTtl: 60, eventId: "e" },
        });
  },
} satisfies ExportedHandler<AiGatewayEnv<typeof GATEWAY, Ai>>;
