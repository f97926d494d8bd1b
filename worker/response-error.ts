import { AiGatewayError, type AiGatewayErrorCode } from "./ai-gateway-error.js";
import { gatewayFacts } from "./gateway-facts.js";
import type { GatewayResponse } from "./platform.js";

/** @see https://developers.cloudflare.com/ai-gateway/reference/troubleshooting/ */
const codes: Readonly<Record<number, AiGatewayErrorCode>> = {
  2001: "gateway-not-found",
  2003: "rate-limited",
  2005: "provider-failed",
  2008: "invalid-provider",
  2009: "unauthorized",
  2016: "guardrail-blocked",
  2017: "guardrail-blocked",
  2021: "insufficient-credits",
  2029: "dlp-blocked",
  2030: "dlp-blocked",
  2036: "feature-unavailable",
  2040: "credential-not-found",
  2041: "spend-limited",
  2045: "spend-limited",
  7013: "guardrail-unavailable",
  // HTTP statuses of policies, which have no codes.
  403: "policy-denied",
  429: "spend-limited",
};

/** What the failures of the gateway and of providers have in common. */
interface FailureBody {
  readonly success?: boolean;
  readonly error?: Failure | readonly Failure[];
  readonly errors?: readonly Failure[];
  readonly message?: string;
}
type Failure = { readonly code?: number; readonly message?: string } | string;

/**
 * Turns a failed response into its error; the response can still be read and returned.
 *
 * `cause` is the body: parsed when it is JSON, else its text. A body of the gateway's own becomes
 * the code it stands for; any other JSON body is the provider's and becomes `provider-failed`, with
 * the provider's `status`. A 408 or 504 is a `timeout`, whoever sent it.
 *
 * @param response A response that is not `ok` and whose body has not been read.
 *
 * @example
 * ```ts
 * const response = await gateway.run(request);
 * if (!response.ok) {
 *   const error = await toAiGatewayError(response);
 *   console.error(error.code, error.logId);
 * }
 * ```
 */
export async function toAiGatewayError(response: GatewayResponse): Promise<AiGatewayError> {
  const { status } = response;
  let code: AiGatewayErrorCode = "bad-response";
  let retryable = status === 408 || status === 429 || status > 501 || status === 500;
  let text: string | undefined;
  let cause: unknown;
  try {
    cause = await response.clone().text();
    const body = JSON.parse(cause as string) as FailureBody;
    cause = body;
    const first = [body.error ?? body.errors ?? body].flat()[0];
    const { code: internal = 0, message } =
      typeof first === "object" ? (first as Exclude<Failure, string>) : { message: first };
    text = message;
    if (body.success === false && body.error) {
      // Policies refuse with an object that has no code, everything else of the gateway with a list.
      code = codes[internal || status] ?? "gateway-failed";
      retryable = internal === 2005 || (retryable && code !== "spend-limited");
    } else code = "provider-failed";
  } catch (error) {
    // No JSON: the text that came is the cause. No text either: why there is none.
    if (cause === undefined) cause = error;
  }
  if (status === 408 || status === 504) code = "timeout";
  return new AiGatewayError(code, text ?? `HTTP ${status}`, {
    status,
    retryable,
    logId: gatewayFacts(response).logId,
    cause,
  });
}

/**
 * Hands a good response on, the same object, unread; throws the error of a failed one.
 *
 * @throws {AiGatewayError} when the response is not `ok`.
 *
 * @example
 * ```ts
 * const answer = await gateway.run(request).then(ensureOk);
 * ```
 */
export async function ensureOk<R extends GatewayResponse>(response: R): Promise<R> {
  if (response.ok) return response;
  throw await toAiGatewayError(response);
}
