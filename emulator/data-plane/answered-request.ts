import { MAX_PAYLOAD_BYTES } from "../logs/create-log-store.js";
import type { GatewayParts } from "./answer-request.js";
import { BodyRecording } from "./body-recording.js";
import { MAX_CACHED_BYTES } from "./cache-store.js";
import type { GatewayAnswer } from "./gateway-answer.js";
import type { GatewayItem, GatewayRequest } from "./gateway-request.js";
import { isCacheable, writeCache } from "./steps/cache.js";
import { log } from "./steps/log.js";

/** An answer on its way to the caller, and what is left to do when it has arrived. */
export class AnsweredRequest {
  readonly answer: GatewayAnswer;
  /** Index of the item that answered. */
  readonly step: number;
  /** One request, one id, as long as there is but one row. */
  readonly logId: string;
  /** False when the gateway refused before it looked for an answer. */
  readonly asked: boolean;
  /** Whoever delivers the body shows it what passes. */
  readonly recording: BodyRecording;
  readonly #parts: GatewayParts;
  readonly #request: GatewayRequest;
  readonly #startedAt: number;
  readonly #storeAt: string | undefined;
  readonly #generation: number;
  #finished = false;

  /**
   * @param key where the answer may be stored; none for refusals and what came from there.
   * @param generation the cache's before the provider was asked
   */
  constructor(
    parts: GatewayParts,
    request: GatewayRequest,
    step: number,
    startedAt: number,
    answer: GatewayAnswer,
    asked = true,
    key: string | undefined = undefined,
    generation: number = parts.cache.generation,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#startedAt = startedAt;
    this.#generation = generation;
    this.#storeAt = key !== undefined && isCacheable(answer) ? key : undefined;
    this.answer = answer;
    this.step = step;
    this.logId = step === 0 ? request.id : parts.ids();
    this.asked = asked;
    const { collectLog, collectPayload } = this.item.options;
    const logged = collectLog && collectPayload ? MAX_PAYLOAD_BYTES : 0;
    this.recording = new BodyRecording(this.#storeAt === undefined ? logged : MAX_CACHED_BYTES);
  }

  get item(): GatewayItem {
    return this.#request.items[this.step] as GatewayItem;
  }

  /**
   * Stores the answer and writes the row, once.
   * @param complete false when the caller left, or the provider broke off.
   */
  finish(complete: boolean): void {
    if (this.#finished) return;
    this.#finished = true;
    try {
      this.#keep(complete);
    } catch (error) {
      // The caller has the answer; that its row could not be written is the emulator's affair.
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.warn(`A request was not logged: ${reason}`);
    }
  }

  #keep(complete: boolean): void {
    const { cache, clock, gateways, logs } = this.#parts;
    const { answer, item, step, logId, recording } = this;
    const startedAt = this.#startedAt;
    const now = clock.now();
    // What was dropped while the provider worked must not come back.
    if (this.#storeAt !== undefined && complete && this.#generation === cache.generation) {
      const body = recording.body();
      if (body) writeCache(cache, this.#storeAt, item, answer, body, now);
    }
    // A gateway deleted meanwhile has no log any more, and another of its id has its own.
    const { accountId, gateway } = this.#request;
    if (gateways.get(accountId, gateway.id)?.created_at !== gateway.created_at) return;
    log(logs, this.#request, { item, step, logId, startedAt, answer, recording, complete }, now);
  }
}
