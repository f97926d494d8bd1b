import { type AiGatewayBinding, aiGatewayBinding } from "../protocol/binding.js";
import type { AiKey, GatewayName, GatewayOf, TextKey } from "./ai-gateway-env.js";
import { AiGatewayError } from "./ai-gateway-error.js";
import { type AiGatewayClient, makeClient } from "./gateway-client.js";
import type { AiBinding } from "./platform.js";

// Keyed by the binding, not by `env`: a Durable Object and the Worker it belongs to share it.
const clients = new WeakMap<object, Map<string, AiGatewayClient>>();

/**
 * The client of a gateway bound to this Worker. Made once per isolate: call it wherever it is
 * needed.
 *
 * @param env The Worker's environment.
 * @param binding What the stack's `gateway.bind(worker, …)` got: the declaration, or its name.
 * @throws {AiGatewayError} `binding-missing` when the Worker was deployed without the binding.
 *
 * @example
 * ```ts
 * import { type AiGatewayEnv, aiGateway, aiGatewayBinding } from "cdktf-cloudflare-ai-gateway/worker";
 *
 * const GATEWAY = aiGatewayBinding("GATEWAY");
 *
 * export default {
 *   fetch: (request: Request, env: AiGatewayEnv<typeof GATEWAY>) =>
 *     aiGateway(env, GATEWAY).run(
 *       {
 *         provider: "workers-ai",
 *         endpoint: "@cf/meta/llama-3.1-8b-instruct",
 *         query: { prompt: "Say hello in one short sentence." },
 *       },
 *       { cacheTtl: 60, signal: request.signal },
 *     ),
 * };
 * ```
 */
export function aiGateway<
  Env extends object,
  const Binding extends GatewayName<Env> | AiGatewayBinding<TextKey<Env>, AiKey<Env>>,
>(env: Env, binding: Binding): AiGatewayClient<GatewayOf<Env, Binding>>;
export function aiGateway(
  env: Readonly<Record<string, unknown>>,
  binding: string | AiGatewayBinding,
): AiGatewayClient {
  const { name, ai } = typeof binding === "string" ? aiGatewayBinding(binding) : binding;
  const id = env[name];
  const platform = env[ai] as AiBinding;
  if (typeof id !== "string" || !platform)
    throw new AiGatewayError(
      "binding-missing",
      `env.${platform ? name : ai} is missing: write gateway.bind(worker, "${name}") in the stack, then deploy`,
    );
  const byId = clients.get(platform) ?? new Map<string, AiGatewayClient>();
  clients.set(platform, byId);
  const client = byId.get(id) ?? makeClient(platform, id);
  byId.set(id, client);
  return client;
}
