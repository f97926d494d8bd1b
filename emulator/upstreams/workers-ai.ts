import { CancelledError } from "./cancellation.js";
import type { Upstream, UpstreamAnswer, UpstreamRequest } from "./upstream.js";
import { WorkersAiError } from "./workers-ai-error.js";

/** What a text generation model is asked, whichever way it was asked. */
export interface ModelCall {
  /** Such as `@cf/meta/llama-3.1-8b-instruct`. */
  readonly model: string;
  /** `native`: `{ response }` in Cloudflare's envelope. `openai`: a chat completion. */
  readonly dialect: "native" | "openai";
  readonly input: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  readonly request: UpstreamRequest;
}

/** What stands behind the models of Workers AI. */
export interface Models {
  /** @throws {WorkersAiError} when the model or the input is refused. */
  run(call: ModelCall): Promise<UpstreamAnswer>;
  close(): void;
}

export interface WorkersAiProps {
  readonly apiToken: string;
  readonly models: Models;
}

/**
 * The REST API of Workers AI: `{model}` and `v1/chat/completions`.
 * @see https://developers.cloudflare.com/ai-gateway/usage/providers/workersai/
 */
export class WorkersAi implements Upstream {
  /** Who brings none is refused, with Workers AI's own words. */
  readonly hasCredential = true;
  readonly #props: WorkersAiProps;

  constructor(props: WorkersAiProps) {
    this.#props = props;
  }

  async send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    try {
      if (!request.trusted && request.headers.authorization !== `Bearer ${this.#props.apiToken}`) {
        throw new WorkersAiError(401, 10000, "Authentication error");
      }
      if (request.cancellation.cancelled) throw new CancelledError("The caller has gone.");
      return await this.#props.models.run(readModelCall(request));
    } catch (error) {
      if (error instanceof WorkersAiError) return error.render(request.bare);
      throw error;
    }
  }

  close(): void {
    this.#props.models.close();
  }
}

function readModelCall(request: UpstreamRequest): ModelCall {
  const path = request.path.replace(/\?.*$/s, "");
  if (request.method !== "POST") throw notEmulated(request.method, path);
  if (path === "v1/chat/completions") {
    const input = readInput(request.body);
    if (typeof input.model !== "string") {
      throw new WorkersAiError(
        400,
        5006,
        'AiError: Bad input: "model" is missing; write a model of Workers AI, such as "@cf/meta/llama-3.1-8b-instruct".',
      );
    }
    return { model: input.model, dialect: "openai", input, stream: input.stream === true, request };
  }
  const model = decodeModel(path);
  if (!/^@(cf|hf)\//.test(model)) throw notEmulated(request.method, path);
  const input = readInput(request.body);
  return { model, dialect: "native", input, stream: input.stream === true, request };
}

function decodeModel(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new WorkersAiError(
      400,
      5006,
      `AiError: Bad input: "${path}" is no URL-encoded model name.`,
    );
  }
}

function readInput(body: Buffer): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body.toString("utf8"));
  } catch {
    throw new WorkersAiError(400, 5006, "AiError: Bad input: the request body is not JSON");
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new WorkersAiError(400, 5006, "AiError: Bad input: the request body is not an object");
  }
  return input as Record<string, unknown>;
}

const notEmulated = (method: string, path: string) =>
  new WorkersAiError(
    501,
    501,
    `The emulator has no ${method} workers-ai/${path}; it has POST workers-ai/@cf/{author}/{model} and POST workers-ai/v1/chat/completions.`,
  );
