import { Readable } from "node:stream";
import { responseHeader } from "../../protocol/headers.js";
import { readChatCompletion, translateEvents } from "./chat-completion.js";
import type { WorkersAiServerConfig } from "./create-upstreams.js";
import { findHeader } from "./header-list.js";
import { HttpUpstream } from "./http-upstream.js";
import { envelope } from "./model-dialects.js";
import { readPrompt } from "./prompt.js";
import type { UpstreamAnswer } from "./upstream.js";
import type { ModelCall, Models } from "./workers-ai.js";
import { renderJson, WorkersAiError } from "./workers-ai-error.js";

/** Inputs both APIs name alike. */
const sharedInputs = [
  "max_tokens",
  "temperature",
  "top_p",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "response_format",
  "tools",
] as const;

/** An OpenAI-compatible server in the place of Workers AI's models. */
export class TranslatedModels implements Models {
  readonly #server: HttpUpstream;
  readonly #names: Readonly<Record<string, string>>;

  constructor({ models = {}, ...server }: WorkersAiServerConfig) {
    this.#server = new HttpUpstream(server);
    this.#names = models;
  }

  async run({ model, dialect, input, stream, request }: ModelCall): Promise<UpstreamAnswer> {
    const chat = dialect === "openai" ? input : renderChat(input, stream, request.bare);
    const { authorization: _own, ...headers } = request.headers;
    const name = this.#nameOf(model);
    const body = Buffer.from(JSON.stringify({ ...chat, model: name }));
    const answer = await this.#server.send({
      ...request,
      path: "v1/chat/completions",
      headers: { ...headers, "content-type": "application/json" },
      body,
    });
    // Its body names the model by itself.
    if (dialect === "openai") return answer;
    if (answer.status < 200 || answer.status > 299) throw await refusalOf(answer);
    // What people are shown should be who spoke, not who was asked.
    const tellable = name !== model && /^[\x21-\x7e]+$/.test(name);
    const named = tellable ? [responseHeader.model, name] : [];
    if (findHeader(answer.headers, "content-type")?.startsWith("text/event-stream")) {
      const events = translateEvents(asStream(answer.body));
      return {
        status: 200,
        headers: ["content-type", "text/event-stream", ...named],
        body: Readable.from(events, { objectMode: false }),
      };
    }
    const output = readChatCompletion((await readAll(answer.body)).toString("utf8"));
    return renderJson(200, request.bare ? output : envelope(output), named);
  }

  close(): void {
    this.#server.close();
  }

  #nameOf(model: string): string {
    return this.#names[model] ?? this.#names["*"] ?? model;
  }
}

function renderChat(input: Readonly<Record<string, unknown>>, stream: boolean, bare: boolean) {
  const chat: Record<string, unknown> = {
    messages: Array.isArray(input.messages)
      ? input.messages
      : [{ role: "user", content: readPrompt(input, bare) }],
  };
  for (const name of sharedInputs) if (input[name] !== undefined) chat[name] = input[name];
  if (stream) Object.assign(chat, { stream: true, stream_options: { include_usage: true } });
  return chat;
}

const asStream = (body: Readable | Buffer): Readable =>
  Buffer.isBuffer(body) ? Readable.from([body], { objectMode: false }) : body;

async function readAll(body: Readable | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function refusalOf(answer: UpstreamAnswer): Promise<WorkersAiError> {
  const text = (await readAll(answer.body)).toString("utf8").slice(0, 2000);
  return new WorkersAiError(
    answer.status,
    answer.status,
    `The server that stands in for Workers AI answered ${answer.status}: ${text}`,
  );
}
