/** Why a call did not give an answer. Cloudflare's own code of a refusal is in brackets. */
export type AiGatewayErrorCode =
  /** More requests than the gateway's rate limit lets through (2003). Wait, then retry. */
  | "rate-limited"
  /** A spend limit is used up (2041, 2045, or a policy's cap). Ends when its window does. */
  | "spend-limited"
  /** No credits for Unified Billing or for the guardrails' model (2021). Add credits or a key. */
  | "insufficient-credits"
  /** The gateway asks for a token, or this one is wrong (2009). A provider's 401 is `provider-failed`. */
  | "unauthorized"
  /** A policy denies the caller this model. */
  | "policy-denied"
  /** The account's plan or this gateway does not have the feature (2036). */
  | "feature-unavailable"
  /** The account has no gateway of this id (2001). Deploy the stack that declares it. */
  | "gateway-not-found"
  /** The request names a provider that the gateway does not know (2008). */
  | "invalid-provider"
  /** No stored key of that alias for the provider (2040). */
  | "credential-not-found"
  /** The provider was not reached (2005), or answered with an error of its own: see `status`. */
  | "provider-failed"
  /** A guardrail blocked the prompt (2016) or the answer (2017). */
  | "guardrail-blocked"
  /** The guardrail that must judge the request does not answer (7013). */
  | "guardrail-unavailable"
  /** Data loss prevention blocked the prompt (2029) or the answer (2030). */
  | "dlp-blocked"
  /** The gateway failed or refused with a code that is not in this list. */
  | "gateway-failed"
  /** No such log. Logs show up some seconds after the answer, so it may be there on a retry. */
  | "log-not-found"
  /** The caller's signal or the provider ran out of time. */
  | "timeout"
  /** The caller's signal ended the call. */
  | "aborted"
  /** What came back has no known form: no JSON, or JSON without what was asked for. */
  | "bad-response"
  /** The connection to the gateway broke before an answer came. */
  | "network"
  /** The arguments cannot be sent: an id that is none, a value that is no JSON. Nothing was sent. */
  | "invalid-request"
  /** The Worker's `env` lacks a binding. Declare it in the stack, then deploy. */
  | "binding-missing";

/** What is known of a failure besides its code. */
export interface AiGatewayErrorDetails {
  /** @default undefined, no response came */
  readonly status?: number | undefined;
  /** @default false */
  readonly retryable?: boolean;
  /** @default undefined, not known */
  readonly logId?: string | undefined;
  /** @default undefined, there is none */
  readonly cause?: unknown;
}

/** Every failure of the client, and of a response by `toAiGatewayError`. */
export class AiGatewayError extends Error {
  /** What went wrong. */
  readonly code: AiGatewayErrorCode;
  /** HTTP status of the failed response; `undefined` when none came. */
  readonly status: number | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Id of the request in the gateway's log, where one is known. */
  readonly logId: string | undefined;

  constructor(
    code: AiGatewayErrorCode,
    text: string,
    { status, retryable = false, logId, cause }: AiGatewayErrorDetails = {},
  ) {
    super(`${code}: ${text}`, { cause });
    this.name = "AiGatewayError";
    this.code = code;
    this.status = status;
    this.retryable = retryable;
    this.logId = logId;
  }
}
