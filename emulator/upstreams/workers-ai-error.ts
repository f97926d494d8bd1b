import { renderGatewayError } from "../../protocol/gateway-errors.js";
import type { UpstreamAnswer } from "./upstream.js";

/** A refusal by Workers AI itself, not by the gateway before it. */
export class WorkersAiError extends Error {
  override readonly name = "WorkersAiError";
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /**
   * The REST API's envelope, or, for `AI.run`, the body the genuine client takes a name and a code
   * from.
   */
  render(bare: boolean): UpstreamAnswer {
    const { status, code, message } = this;
    return renderJson(
      status,
      bare
        ? renderGatewayError({ status, code, message })
        : { result: {}, success: false, errors: [{ message, code }], messages: [] },
    );
  }
}

/** The content type is exact: the genuine client parses nothing else as JSON. */
export function renderJson(
  status: number,
  value: unknown,
  headers: readonly string[] = [],
): UpstreamAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: [
      "content-type",
      "application/json",
      "content-length",
      String(body.length),
      ...headers,
    ],
    body,
  };
}

export function noSuchModel(model: string, bare: boolean): WorkersAiError {
  return bare
    ? new WorkersAiError(404, 7003, `Model not found: ${model}`)
    : new WorkersAiError(400, 5007, `No such model ${model} or task`);
}

export function badInput(reason: string, bare: boolean): WorkersAiError {
  return bare
    ? new WorkersAiError(400, 7003, `Model execution failed (User Input Error): ${reason}`)
    : new WorkersAiError(400, 5006, `AiError: Bad input: ${reason}`);
}
