/**
 * What a gateway refuses with on the data plane: HTTP status, internal code and message.
 *
 * A status a source does not give is the emulator's choice and marked so.
 */
export const gatewayErrors = {
  "gateway-not-found": {
    status: 400,
    code: 2001,
    message: "Please configure AI Gateway in the Cloudflare dashboard",
  },
  "rate-limited": { status: 429, code: 2003, message: "Rate limited" },
  "provider-failed": {
    status: 400,
    code: 2005,
    message: "Failed to get response from provider",
  },
  "invalid-provider": { status: 400, code: 2008, message: "Invalid provider" },
  unauthorized: { status: 401, code: 2009, message: "Unauthorized" },
  // No source gives the codes below. A code equal to its status is the emulator's choice.
  "bad-request": { status: 400, code: 400, message: "Bad request" },
  timeout: { status: 408, code: 408, message: "Request timeout" },
  "request-too-large": { status: 413, code: 413, message: "Request body too large" },
  "not-emulated": { status: 501, code: 501, message: "Not emulated" },
} as const satisfies Record<string, GatewayErrorFacts>;

export interface GatewayErrorFacts {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export type GatewayErrorName = keyof typeof gatewayErrors;

/**
 * Body of a refusal by the gateway itself. The list is called `error` here, `errors` on the REST
 * API and on the log routes: both spellings are Cloudflare's.
 */
export interface GatewayErrorBody {
  readonly success: false;
  readonly result: readonly [];
  readonly messages: readonly [];
  readonly error: readonly [{ readonly code: number; readonly message: string }];
  readonly name: "AiGatewayError";
  readonly httpCode: number;
  readonly internalCode: number;
  readonly message: string;
  readonly description: string;
}

export function renderGatewayError({ status, code, message }: GatewayErrorFacts): GatewayErrorBody {
  return {
    success: false,
    result: [],
    messages: [],
    error: [{ code, message }],
    name: "AiGatewayError",
    httpCode: status,
    internalCode: code,
    message,
    description: message,
  };
}
