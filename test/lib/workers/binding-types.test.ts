import { describe, expect, test } from "@jest/globals";
import { type AiGatewayBinding, aiGatewayBinding } from "../../../lib/index.js";
import type { AiGatewayEnv } from "../../../worker/ai-gateway-env.js";

const GATEWAY = aiGatewayBinding("GATEWAY");

type Env = AiGatewayEnv<typeof GATEWAY>;

/** Reads the id as the Worker's client does: through the declaration, so that names are keys of Env. */
const idOf = <Name extends string>(
  env: { readonly [Key in Name]: string },
  binding: AiGatewayBinding<Name>,
): string => env[binding.name];

describe("the declaration that stack and Worker share", () => {
  const env = { GATEWAY: "chat-gateway", AI: {} } as unknown as Env;

  test("names the binding for both", () => {
    expect(idOf(env, GATEWAY)).toBe("chat-gateway");
    expect(env.GATEWAY).toBe("chat-gateway");
  });

  test("does not compile with another name", () => {
    // @ts-expect-error The stack binds GATEWAY, so Env has no OTHER.
    expect(idOf(env, aiGatewayBinding("OTHER"))).toBeUndefined();
    // @ts-expect-error Nor is it there to be read.
    expect(env.OTHER).toBeUndefined();
  });
});
