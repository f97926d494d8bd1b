import { Readable } from "node:stream";
import type { Clock } from "../clock.js";
import type { Cancellation } from "./cancellation.js";
import { dialects, type ModelDialect } from "./model-dialects.js";
import { readPrompt } from "./prompt.js";
import { type ScriptedReply, scriptReply } from "./scripted-reply.js";
import type { UpstreamAnswer } from "./upstream.js";
import type { ModelCall, Models } from "./workers-ai.js";
import { noSuchModel, renderJson, WorkersAiError } from "./workers-ai-error.js";
import { taskOf } from "./workers-ai-models.js";

export interface ScriptedModelsProps {
  /**
   * How long an answer takes in all, in milliseconds; a stream spreads its tokens over it and
   * begins after a tenth.
   * @default 1000
   */
  readonly latencyMs?: number;
}

/** Says in the head of every scripted answer that no model ran. */
const label = ["emulator-upstream", "scripted"] as const;

/** Models that say what they were asked: the same answer to the same prompt, at a stated pace. */
export class ScriptedModels implements Models {
  readonly #clock: Clock;
  readonly #latencyMs: number;

  constructor({ clock, latencyMs = 1000 }: ScriptedModelsProps & { readonly clock: Clock }) {
    if (!(latencyMs >= 0)) {
      throw new RangeError(`latencyMs is ${latencyMs}; write milliseconds, 0 or more.`);
    }
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  async run({ model, dialect, input, stream, request }: ModelCall): Promise<UpstreamAnswer> {
    const { bare, cancellation } = request;
    const task = taskOf(model);
    if (task === undefined) throw noSuchModel(model, bare);
    if (task !== "text generation") throw notScripted(`${model} (${task})`);
    if (input.response_format !== undefined) throw notScripted("response_format");
    const reply = scriptReply(readPrompt(input, bare), input.max_tokens);
    const shape = dialects[dialect];
    const about = { model, bare, created: Math.floor(this.#clock.now() / 1000) };
    if (!stream) {
      await this.#sleepUntil(this.#clock.now() + this.#latencyMs, cancellation);
      return renderJson(200, shape.renderReply(reply, about), label);
    }
    const begin = this.#clock.now();
    await this.#sleepUntil(begin + this.#latencyMs / 10, cancellation);
    const body = Readable.from(this.#streamReply(reply, shape, about, begin, cancellation), {
      objectMode: false,
    });
    return { status: 200, headers: ["content-type", "text/event-stream", ...label], body };
  }

  close(): void {}

  async *#streamReply(
    reply: ScriptedReply,
    shape: ModelDialect,
    about: Parameters<ModelDialect["renderReply"]>[1],
    begin: number,
    cancellation: Cancellation,
  ) {
    const first = this.#latencyMs / 10;
    const gap = (this.#latencyMs - first) / Math.max(1, reply.tokens.length);
    for (const [index, token] of reply.tokens.entries()) {
      if (index > 0) await this.#sleepUntil(begin + first + gap * index, cancellation);
      yield event(shape.renderToken(token, reply, about));
    }
    await this.#sleepUntil(begin + this.#latencyMs, cancellation);
    yield `${event(shape.renderLast(reply, about))}data: [DONE]\n\n`;
  }

  async #sleepUntil(time: number, cancellation: Cancellation): Promise<void> {
    const ms = time - this.#clock.now();
    if (ms > 0) await this.#clock.sleep(ms, cancellation.signal);
  }
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

const notScripted = (what: string) =>
  new WorkersAiError(
    501,
    501,
    `The emulator has no scripted answer for ${what}. Point its upstream "workers-ai" at an OpenAI-compatible server (baseUrl) to run a model.`,
  );
