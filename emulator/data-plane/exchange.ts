import type { IncomingMessage, ServerResponse } from "node:http";
import { gatewayErrors } from "../../protocol/gateway-errors.js";
import { Cancellation, CancelledError } from "../upstreams/cancellation.js";
import { GatewayRefusal } from "./doors/door.js";
import { type GatewayAnswer, refuse } from "./gateway-answer.js";
import { MAX_REQUEST_BYTES, RequestTooLargeError } from "./read-body.js";

/** Notices when the caller leaves before the answer is complete. */
export function watchCaller(response: ServerResponse): Cancellation {
  const cancellation = new Cancellation();
  response.on("close", () => {
    if (!response.writableFinished) cancellation.cancel();
  });
  return cancellation;
}

/** Answers what the work on a request has thrown, when there is still someone to answer. */
export function answerFailure(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  cancellation: Cancellation,
  warn: (message: string) => void,
): void {
  if (error instanceof CancelledError || cancellation.cancelled) return;
  if (response.headersSent) {
    response.destroy();
    warn(`An answer broke off: ${error instanceof Error ? error.stack : String(error)}`);
    return;
  }
  // What is left of a refused body is not read; the connection cannot be used again.
  const close = error instanceof RequestTooLargeError;
  send(response, explain(error, request, warn), close ? ["connection", "close"] : []);
}

/** Sends an answer that is no gateway's: a refusal, or one of the binding's control calls. */
export function send(
  response: ServerResponse,
  { status, headers, body }: GatewayAnswer,
  more: readonly string[] = [],
): void {
  response.writeHead(status, [...headers, ...more]);
  response.end(body);
}

function explain(
  error: unknown,
  { method, url }: IncomingMessage,
  warn: (message: string) => void,
): GatewayAnswer {
  if (error instanceof GatewayRefusal) return refuse(error.facts);
  if (error instanceof RequestTooLargeError) {
    return refuse(
      gatewayErrors["request-too-large"],
      `The request body is larger than ${MAX_REQUEST_BYTES >> 20} MB, the most a gateway takes.`,
    );
  }
  warn(`${method} ${url}: ${error instanceof Error ? error.stack : String(error)}`);
  return refuse({
    status: 500,
    code: 500,
    message: "The emulator failed at this request; its output says why.",
  });
}
