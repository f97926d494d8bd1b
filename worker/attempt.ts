import { AiGatewayError, type AiGatewayErrorCode } from "./ai-gateway-error.js";
import type { PlatformSignal } from "./platform.js";

/** What the platform's client throws, by the name of the error: it exports no classes. */
const codes: Readonly<Record<string, AiGatewayErrorCode>> = {
  AiGatewayInternalError: "gateway-failed",
  AiGatewayLogNotFound: "log-not-found",
  SyntaxError: "bad-response",
};

/**
 * Calls the platform and makes whatever it throws, at once or later, an `AiGatewayError`.
 *
 * @param typeError What a `TypeError` of this call means: arguments that cannot be sent, or an
 * answer that lacks what the platform's client reads.
 */
export async function attempt<T>(
  call: () => Promise<T>,
  typeError: AiGatewayErrorCode,
  logId?: string,
  signal?: PlatformSignal,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    // Whatever a signal was aborted with is thrown as it is, even `undefined`.
    const { name, message, retryable } = Object(cause) as Partial<Error> & { retryable?: boolean };
    let code = name === "TypeError" ? typeError : (codes[`${name}`] ?? "network");
    if (signal?.aborted) code = name === "TimeoutError" ? "timeout" : "aborted";
    throw new AiGatewayError(code, message ?? `${cause}`, {
      retryable:
        (code === "network" && !!retryable) || code === "timeout" || code === "log-not-found",
      logId,
      cause,
    });
  }
}

/**
 * Refuses what cannot stand in a URL: the platform's client writes ids there unescaped, so that a
 * slash would reach another gateway or log.
 *
 * @throws {AiGatewayError} `invalid-request`
 */
export function checkId(id: string): void {
  if (!/^\w[\w.:-]*$/.test(id))
    throw new AiGatewayError(
      "invalid-request",
      `"${id}" is no id; it has letters, digits and _.:-`,
    );
}
