import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
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
  const { answer } = answered;
  const { body } = answer;
  if (cancellation.cancelled) {
    if (!Buffer.isBuffer(body)) body.destroy();
    answered.finish(false);
    return;
  }
  const headers = answer.headers.slice();
  if (answered.asked) headers.push(responseHeader.cacheStatus, answer.cached ? "HIT" : "MISS");
  headers.push(responseHeader.step, String(answered.step));
  if (answered.item.options.collectLog) headers.push(responseHeader.logId, answered.logId);
  headers.push(responseHeader.eventId, eventId, responseHeader.requestId, id);
  response.writeHead(answer.status, headers);
  if (Buffer.isBuffer(body)) {
    endWithBody(response, body);
    answered.recording.push(body);
    answered.finish(true);
    return;
  }
  const flow = new Flow(answered, body, response);
  cancellation.onCancel(() => flow.stop());
  // An answer without a length is a stream: its caller sees that it began, even when its first
  // bytes take long. Bytes that came with the head have been sent together with it by then.
  if (findHeader(answer.headers, "content-length") === undefined) {
    setImmediate(() => flow.showHead());
  }
}

/** A provider's body on its way, at the pace of whoever reads it. */
class Flow {
  readonly #answered: AnsweredRequest;
  readonly #body: Readable;
  readonly #response: ServerResponse;
  #began = false;
  #ended = false;

  constructor(answered: AnsweredRequest, body: Readable, response: ServerResponse) {
    this.#answered = answered;
    this.#body = body;
    this.#response = response;
    body.on("data", (chunk: Buffer) => this.#pass(chunk));
    body.on("end", () => this.#end());
    // A provider that breaks off: the caller must not take the part for the whole.
    body.on("error", () => this.stop());
    body.on("close", () => this.stop());
  }

  showHead(): void {
    if (!this.#began && !this.#ended) this.#response.flushHeaders();
  }

  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#body.destroy();
    this.#response.destroy();
    this.#answered.finish(false);
  }

  #pass(chunk: Buffer): void {
    this.#began = true;
    this.#answered.recording.push(chunk);
    if (writeBody(this.#response, chunk)) return;
    this.#body.pause();
    this.#response.once("drain", () => this.#body.resume());
  }

  #end(): void {
    this.#ended = true;
    this.#response.end();
    this.#answered.finish(true);
  }
}
