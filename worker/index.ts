/**
 * The typed client of a Cloudflare AI Gateway, for use inside a Worker.
 *
 * @module
 */
export { type AiGatewayBinding, aiGatewayBinding } from "../protocol/binding.js";
export {
  type BindingDeclaration,
  type WorkerBindingsDeclaration,
  workerBindings,
} from "../protocol/worker-bindings.js";
export { aiGateway } from "./ai-gateway.js";
export type { AiGatewayEnv } from "./ai-gateway-env.js";
export {
  AiGatewayError,
  type AiGatewayErrorCode,
  type AiGatewayErrorDetails,
} from "./ai-gateway-error.js";
export type { AiGatewayClient } from "./gateway-client.js";
export { type GatewayFacts, gatewayFacts } from "./gateway-facts.js";
export type {
  AiBinding,
  GatewayResponse,
  PlatformGateway,
  PlatformLog,
  PlatformResponse,
  PlatformSignal,
} from "./platform.js";
export { ensureOk, toAiGatewayError } from "./response-error.js";
export type {
  AiGatewayLogPatch,
  AiGatewayProvider,
  AiGatewayRequest,
  AiGatewayRetries,
  AiGatewayRunOptions,
} from "./run-options.js";
