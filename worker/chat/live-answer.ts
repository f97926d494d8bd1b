import { readAnswer } from "./answer-stream.js";
import { askModel, explainFailure } from "./ask-model.js";
import type { Question } from "./conversation.js";
import type { Env } from "./env.js";
import type { Ending, MessageStore } from "./message-store.js";
import { limits, type RoomMessage, type ServerFrame } from "./protocol.js";

/** Milliseconds an answer may take in all. */
const TIME_LIMIT = 120_000;

/** Milliseconds of an answer that a crash may cost: how often what came is written down. */
const FLUSH_INTERVAL = 250;

/** An answer that streams into the room and, a little behind, into its storage. */
export class LiveAnswer {
  readonly #message: RoomMessage;
  readonly #store: MessageStore;
  readonly #broadcast: (frame: ServerFrame) => void;
  #text = "";
  #flushed = 0;

  constructor(message: RoomMessage, store: MessageStore, broadcast: (frame: ServerFrame) => void) {
    this.#message = message;
    this.#store = store;
    this.#broadcast = broadcast;
  }

  /** Asks and streams; a failure is the end of the answer, never an exception. */
  async run(env: Env, prompt: Question, room: string): Promise<void> {
    const { id, at } = this.#message;
    let cache: Ending["cache"];
    let model: string | undefined;
    let error: string | undefined;
    try {
      const signal = AbortSignal.timeout(TIME_LIMIT);
      const answer = await askModel(env, prompt, { room, signal });
      ({ cache, model } = answer);
      for await (const piece of readAnswer(answer.response)) if (!this.#grow(piece)) break;
      if (this.#text.length >= limits.answerLength)
        error = `The answer was cut off after ${limits.answerLength} characters.`;
      else if (this.#text === "") error = "The model answered without any text.";
    } catch (failure) {
      console.error("An answer failed", failure);
      error = explainFailure(failure);
    }
    const message = this.#store.finish(id, {
      text: this.#text,
      ms: Date.now() - at,
      ...(error === undefined ? { state: "done" } : { state: "failed", error }),
      ...(cache && { cache }),
      ...(model && { model }),
    });
    if (message) this.#broadcast({ type: "answered", message });
  }

  /** Writes down what came, so that what is read from the storage is what was broadcast. */
  flush(): void {
    this.#flushed = Date.now();
    this.#store.write(this.#message.id, this.#text);
  }

  /** @returns false when there is no room for more. */
  #grow(piece: string): boolean {
    const offset = this.#text.length;
    const text = piece.slice(0, limits.answerLength - offset);
    this.#text += text;
    this.#broadcast({ type: "token", id: this.#message.id, offset, text });
    if (Date.now() - this.#flushed >= FLUSH_INTERVAL) this.flush();
    return this.#text.length < limits.answerLength;
  }
}
