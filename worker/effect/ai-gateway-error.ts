import { type AiGatewayErrorCode, AiGatewayError as ClientError } from "../ai-gateway-error.js";

/** `rate-limited` → `RateLimited`. */
type TagOf<Code extends string> = Code extends `${infer Word}-${infer Rest}`
  ? `${Capitalize<Word>}${TagOf<Rest>}`
  : Capitalize<Code>;

/** The tag of each kind of failure, such as `RateLimited` or `GuardrailBlocked`. */
export type AiGatewayReasonTag = TagOf<AiGatewayErrorCode>;

/**
 * Which kind a failure is, for `Effect.catchReason("AiGatewayError", "RateLimited", …)`: one tag per
 * code of the plain client.
 */
export type AiGatewayReason = {
  [Code in AiGatewayErrorCode]: {
    readonly _tag: TagOf<Code>;
    readonly code: Code;
    readonly message: string;
    /** HTTP status of the failed response; `undefined` when none came. */
    readonly status: number | undefined;
    /** Whether the same call may succeed later. */
    readonly retryable: boolean;
    /** Id of the request in the gateway's log, where one is known. */
    readonly logId: string | undefined;
  };
}[AiGatewayErrorCode];

/**
 * Every failure of the service. The plain client's `AiGatewayError` with a tag, so `instanceof` that
 * class holds, too.
 *
 * @example
 * ```ts
 * gateway.run(request).pipe(
 *   Effect.retry({ while: ({ retryable }) => retryable, times: 3, schedule: Schedule.exponential("200 millis") }),
 *   Effect.catchReason("AiGatewayError", "GuardrailBlocked", ({ message }) => Effect.succeed(refusal(message))),
 * );
 * ```
 */
export class AiGatewayError extends ClientError {
  readonly _tag = "AiGatewayError";
  /** What went wrong, by tag. */
  readonly reason: AiGatewayReason;

  constructor({ code, message, status, retryable, logId, cause }: ClientError) {
    super(code, message.slice(code.length + 2), { status, retryable, logId, cause });
    this.reason = { _tag: tagOf(code), code, message, status, retryable, logId } as AiGatewayReason;
  }
}

const tagOf = (code: string): string =>
  code.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
