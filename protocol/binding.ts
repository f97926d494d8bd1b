export {
  type BindingDeclaration,
  type WorkerBindingsDeclaration,
  workerBindings,
} from "./worker-bindings.js";

/** The name of the `ai` binding where a declaration gives none. */
export const AI_BINDING_NAME = "AI";

/**
 * How a Worker reaches one gateway: the text binding that carries the gateway's id, and the `ai`
 * binding it is reached through.
 */
export interface AiGatewayBinding<Name extends string = string, Ai extends string = string> {
  readonly name: Name;
  readonly ai: Ai;
}

/**
 * Declares a gateway binding once, for the stack and for the Worker's code.
 *
 * The stack calls `gateway.bind(worker, GATEWAY)`, the Worker `aiGateway(env, GATEWAY)`. The
 * Worker's `Env` takes its keys from the declaration, so a name that differs does not compile.
 *
 * @example
 * ```ts
 * export const GATEWAY = aiGatewayBinding("GATEWAY");
 * export type Env = AiGatewayEnv<typeof GATEWAY>;
 * ```
 */
export function aiGatewayBinding<const Name extends string>(
  name: Name,
): AiGatewayBinding<Name, typeof AI_BINDING_NAME>;
export function aiGatewayBinding<const Name extends string, const Ai extends string>(
  name: Name,
  options: { readonly ai: Ai },
): AiGatewayBinding<Name, Ai>;
export function aiGatewayBinding(
  name: string,
  options?: { readonly ai: string },
): AiGatewayBinding {
  return { name, ai: options?.ai ?? AI_BINDING_NAME };
}
