/** What a test asks of the Worker in `inside/`: a method of the client with its arguments. */
export interface ProbeCall {
  readonly method: "run" | "getUrl" | "getLog" | "patchLog";
  readonly args: readonly unknown[];
  /** Adds an option that JSON cannot carry. */
  readonly special?: "bigint" | "timeout" | "abort" | "abort-reason" | "pre-aborted";
}

/** An error of the client in a form that survives JSON. */
export interface DescribedError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
  readonly retryable?: boolean;
  readonly logId?: string;
  readonly cause?: unknown;
  /** Set instead of all others when it is no `AiGatewayError`. */
  readonly foreign?: string;
}
