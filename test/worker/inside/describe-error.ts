import { AiGatewayError } from "../../../worker/index.js";

/** An error in a form that survives JSON. */
export function describeError(error: unknown): object {
  if (!(error instanceof AiGatewayError)) return { foreign: String(error) };
  const { name, code, message, status, retryable, logId, cause } = error;
  return {
    name,
    code,
    message,
    status,
    retryable,
    logId,
    cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : cause,
  };
}
