import { Container, type ContainerOptions } from "@cloudflare/containers";
import {
  CONTAINER_SETTINGS_BINDING,
  type ContainerSettings,
} from "../../protocol/container-settings.js";

/**
 * A `Container` whose port, environment and idle time are those the stack's `Container` construct
 * declares, so that they stand in one place. What a subclass sets itself wins.
 *
 * @example
 * ```ts
 * import { DeclaredContainer } from "cdktf-cloudflare-ai-gateway/worker/container";
 *
 * export class Pdf extends DeclaredContainer {}
 * export default { fetch: () => new Response("Not found", { status: 404 }) };
 * ```
 */
export class DeclaredContainer<Env = unknown> extends Container<Env> {
  constructor(
    ctx: ConstructorParameters<typeof Container>[0],
    env: Env,
    options?: ContainerOptions,
  ) {
    const { defaultPort, requiredPorts, sleepAfter, envVars } = readSettings(env);
    super(ctx, env, {
      ...(defaultPort === undefined ? {} : { defaultPort }),
      ...(sleepAfter === undefined ? {} : { sleepAfter }),
      ...options,
      ...(envVars || options?.envVars ? { envVars: { ...envVars, ...options?.envVars } } : {}),
    });
    if (requiredPorts !== undefined) this.requiredPorts = [...requiredPorts];
  }
}

/** @throws {TypeError} in a Worker that no `Container` construct uploaded */
function readSettings(env: unknown): ContainerSettings {
  const settings = (env as Readonly<Record<string, unknown>> | null)?.[CONTAINER_SETTINGS_BINDING];
  if (settings instanceof Object) return settings as ContainerSettings;
  throw new TypeError(
    `DeclaredContainer: env has no ${CONTAINER_SETTINGS_BINDING}. It is for the class of a Container construct; elsewhere extend Container of @cloudflare/containers.`,
  );
}
