import type { AI_BINDING_NAME, AiGatewayBinding } from "../protocol/binding.js";
import type { AiBinding, PlatformGateway } from "./platform.js";

/**
 * The part of a Worker's `Env` that a gateway's declaration stands for.
 *
 * @typeParam Binding One declaration, or a union of several.
 * @typeParam Platform Type of the `ai` binding: name the runtime's `Ai` to use `env.AI` as well.
 *
 * @example
 * ```ts
 * export type Env = AiGatewayEnv<typeof GATEWAY> & { readonly COLOR: string };
 * ```
 */
export type AiGatewayEnv<
  Binding extends AiGatewayBinding,
  Platform extends AiBinding = AiBinding,
> = { readonly [Name in Binding["name"]]: string } & {
  readonly [Name in Binding["ai"]]: Platform;
};

/** Names of the `ai` bindings of an `Env`. */
export type AiKey<Env> = KeyOf<Env, AiBinding>;

/** Names that may stand for a declaration with the usual `ai` binding. */
export type GatewayName<Env> = typeof AI_BINDING_NAME extends AiKey<Env> ? TextKey<Env> : never;

/** Names of the text bindings of an `Env`. */
export type TextKey<Env> = KeyOf<Env, string>;

type KeyOf<Env, Value> = {
  [Name in keyof Env]-?: Env[Name] extends Value ? Name : never;
}[keyof Env] &
  string;

/** Type of the platform's `AiGateway` behind a binding. */
export type GatewayOf<Env, Binding> = Env[AiName<Binding> & keyof Env] extends {
  gateway(id: string): infer Gateway extends PlatformGateway;
}
  ? Gateway
  : PlatformGateway;

type AiName<Binding> =
  Binding extends AiGatewayBinding<string, infer Name> ? Name : typeof AI_BINDING_NAME;
