import { aiGatewayBinding } from "../../protocol/binding.js";
import type { AiGatewayEnv } from "../ai-gateway-env.js";

/** How the chat Worker reaches its gateway; the stack binds it by this declaration. */
export const GATEWAY = aiGatewayBinding("GATEWAY");

export type Env = AiGatewayEnv<typeof GATEWAY>;
