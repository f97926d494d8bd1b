import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { AiGatewayBinding as Declaration } from "../../protocol/binding.js";
import { aiGateway } from "../ai-gateway.js";
import type { AiGatewayError as ClientError } from "../ai-gateway-error.js";
import type { AiGatewayClient } from "../gateway-client.js";
import { AiGatewayError } from "./ai-gateway-error.js";

/**
 * The Worker's `env`, which the runtime hands to each handler.
 *
 * @example
 * ```ts
 * export default {
 *   fetch: (request: Request, env: Env) =>
 *     Effect.runPromise(
 *       route(request).pipe(Effect.provide(AiGatewayBindingLive), Effect.provideService(WorkerEnvironment, env)),
 *       { signal: request.signal },
 *     ),
 * };
 * ```
 */
export class WorkerEnvironment extends Context.Service<WorkerEnvironment, object>()(
  "cdktf-cloudflare-ai-gateway/WorkerEnvironment",
) {}

/** Finds the client of a gateway that the stack bound to this Worker. A test may provide its own. */
export class AiGatewayBinding extends Context.Service<
  AiGatewayBinding,
  {
    /** Fails with `BindingMissing` where the Worker was deployed without it. */
    readonly client: (
      binding: Declaration | string,
    ) => Effect.Effect<AiGatewayClient, AiGatewayError>;
  }
>()("cdktf-cloudflare-ai-gateway/AiGatewayBinding") {}

/** Finds the binding in the Worker's `env`. */
export const AiGatewayBindingLive: Layer.Layer<AiGatewayBinding, never, WorkerEnvironment> =
  Layer.effect(
    AiGatewayBinding,
    Effect.map(WorkerEnvironment, (env) => ({
      client: (binding) =>
        Effect.try({
          // Names and types were checked where the binding was declared; what is missing at run time is an error.
          try: () => aiGateway(env as never, binding as never) as AiGatewayClient,
          catch: (error) => new AiGatewayError(error as ClientError),
        }),
    })),
  );
