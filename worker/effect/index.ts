/**
 * The typed client of a Cloudflare AI Gateway as an Effect service, for use inside a Worker. Needs
 * `effect` 4.
 *
 * @module
 */
export {
  type AiGatewayBinding as AiGatewayDeclaration,
  aiGatewayBinding,
} from "../../protocol/binding.js";
export type { AiGatewayEnv } from "../ai-gateway-env.js";
export type { AiGatewayErrorCode } from "../ai-gateway-error.js";
export { type GatewayFacts, gatewayFacts } from "../gateway-facts.js";
export { AiGateway, type AiGatewayService, type RunOptions } from "./ai-gateway.js";
export { AiGatewayBinding, AiGatewayBindingLive, WorkerEnvironment } from "./ai-gateway-binding.js";
export {
  AiGatewayError,
  type AiGatewayReason,
  type AiGatewayReasonTag,
} from "./ai-gateway-error.js";
