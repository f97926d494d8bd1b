import type { ServerResponse } from "node:http";
import { responseHeader } from "../../protocol/headers.js";
import { findHeader } from "../upstreams/header-list.js";
import type { AnsweredRequest } from "./answer-request.js";
import type { GatewayRequest } from "./gateway-request.js";

/** Sends an answer as it comes: bytes are neither changed nor held back. */
export function deliver(
  { answer, step, logId, cacheAsked, recording, finish }: AnsweredRequest,
  { id, eventId, cancellation }: GatewayRequest,
  response: ServerResponse,
): void {
  const headers = answer.headers.slice();
  if (cacheAsked) headers.push(responseHeader.cacheStatus, answer.cached ? "HIT" : "MISS");
  headers.push(responseHeader.step, String(step));
  if (logId !== undefined) headers.push(responseHeader.logId, logId);
  headers.push(responseHeader.eventId, eventId, responseHeader.requestId, id);
  const { body } = answer;
  if (cancellation.cancelled) {
    if (!Buffer.isBuffer(body)) body.destroy();
    finish(false);
    return;
  }
  response.writeHead(answer.status, headers);
  if (Buffer.isBuffer(body)) {
    response.end(body);
    recording.push(body);
    finish(true);
    return;
  }
  let began = false;
  let ended = false;
  const stop = () => {
    if (ended) return;
    ended = true;
    body.destroy();
    response.destroy();
    finish(false);
  };
  cancellation.onCancel(stop);
  body.on("data", (chunk: Buffer) => {
    began = true;
    recording.push(chunk);
    if (!response.write(chunk)) {
      body.pause();
      response.once("drain", () => body.resume());
    }
  });
  body.on("end", () => {
    ended = true;
    response.end();
    finish(true);
  });
  // A provider that breaks off: the caller must not take the part for the whole.
  body.on("error", stop);
  body.on("close", stop);
  // An answer without a length is a stream: its caller sees that it began, even when its first
  // bytes take long. Bytes that came with the head have been sent together with it by then.
  if (findHeader(answer.headers, "content-length") !== undefined) return;
  setImmediate(() => {
    if (!began && !ended) response.flushHeaders();
  });
}
