import type { ServerResponse } from "node:http";
import { responseHeader } from "../../protocol/headers.js";
import { findHeader } from "../upstreams/header-list.js";
import { endWithBody, writeBody } from "../upstreams/write-body.js";
import type { AnsweredRequest } from "./answered-request.js";
import type { GatewayRequest } from "./gateway-request.js";

/** Sends an answer as it comes: bytes are neither changed nor held back. */
export function deliver(
  answered: AnsweredRequest,
  { id, eventId, cancellation }: GatewayRequest,
  response: ServerResponse,
): void {
  const { answer, recording } = answered;
  const headers = answer.headers.slice();
  if (answered.asked) headers.push(responseHeader.cacheStatus, answer.cached ? "HIT" : "MISS");
  headers.push(responseHeader.step, String(answered.step));
  if (answered.item.options.collectLog) headers.push(responseHeader.logId, answered.logId);
  headers.push(responseHeader.eventId, eventId, responseHeader.requestId, id);
  const { body } = answer;
  if (cancellation.cancelled) {
    if (!Buffer.isBuffer(body)) body.destroy();
    answered.finish(false);
    return;
  }
  response.writeHead(answer.status, headers);
  if (Buffer.isBuffer(body)) {
    endWithBody(response, body);
    recording.push(body);
    answered.finish(true);
    return;
  }
  let began = false;
  let ended = false;
  const stop = () => {
    if (ended) return;
    ended = true;
    body.destroy();
    response.destroy();
    answered.finish(false);
  };
  cancellation.onCancel(stop);
  body.on("data", (chunk: Buffer) => {
    began = true;
    recording.push(chunk);
    if (!writeBody(response, chunk)) {
      body.pause();
      response.once("drain", () => body.resume());
    }
  });
  body.on("end", () => {
    ended = true;
    response.end();
    answered.finish(true);
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
