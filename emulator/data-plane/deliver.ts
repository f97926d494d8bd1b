import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { responseHeader } from "../../protocol/headers.js";
import { atEndOfTurn } from "../upstreams/end-of-turn.js";
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
    atEndOfTurn(
      () => endWithBody(response, body),
      () => {
        answered.recording.push(body);
        answered.finish(true);
      },
    );
    return;
  }
  const flow = new Flow(answered, body, response);
  cancellation.onCancel(() => flow.stop());
  // An answer without a length is a stream: its caller sees that it began, even when its first
  // bytes take long. Bytes that came with the head go out together with it.
  if (findHeader(answer.headers, "content-length") === undefined) flow.showHead();
}

/** A provider's body on its way, at the pace of whoever reads it. */
class Flow {
  readonly #answered: AnsweredRequest;
  readonly #body: Readable;
  readonly #response: ServerResponse;
  /** What came in this turn of the event loop. */
  #held: Buffer[] = [];
  #began = false;
  #complete = false;
  #stopped = false;

  constructor(answered: AnsweredRequest, body: Readable, response: ServerResponse) {
    this.#answered = answered;
    this.#body = body;
    this.#response = response;
    body.on("data", (chunk: Buffer) => this.#take(chunk));
    body.on("end", () => this.#end());
    // A provider that breaks off: the caller must not take the part for the whole.
    body.on("error", () => this.stop());
    body.on("close", () => this.stop());
  }

  showHead(): void {
    setImmediate(() => {
      if (!this.#began && !this.#stopped) this.#response.flushHeaders();
    });
  }

  stop(): void {
    if (this.#complete || this.#stopped) return;
    this.#stopped = true;
    this.#body.destroy();
    this.#response.destroy();
    this.#answered.finish(false);
  }

  #take(chunk: Buffer): void {
    this.#began = true;
    this.#answered.recording.push(chunk);
    this.#held.push(chunk);
    if (this.#held.length === 1) atEndOfTurn(() => this.#send());
  }

  #end(): void {
    this.#complete = true;
    this.#began = true;
    atEndOfTurn(
      () => this.#send(),
      () => this.#answered.finish(true),
    );
  }

  #send(): void {
    if (this.#stopped || this.#response.writableEnded) return;
    const [first, ...more] = this.#held;
    const chunk = first && more.length > 0 ? Buffer.concat(this.#held) : first;
    this.#held = [];
    if (this.#complete) {
      if (chunk) endWithBody(this.#response, chunk);
      else this.#response.end();
    } else if (chunk && !writeBody(this.#response, chunk)) {
      this.#body.pause();
      this.#response.once("drain", () => this.#body.resume());
    }
  }
}
