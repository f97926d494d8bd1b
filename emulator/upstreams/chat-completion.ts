import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { UpstreamUnreachableError } from "./upstream.js";

interface Chat {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string | null; readonly tool_calls?: unknown };
    readonly delta?: { readonly content?: string | null; readonly tool_calls?: unknown };
  }[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

/**
 * A chat completion as Workers AI's native output.
 * @throws {UpstreamUnreachableError} when the text is none: the server speaks something else.
 */
export function readChatCompletion(text: string) {
  const chat = parse(text);
  const message = chat?.choices?.[0]?.message;
  if (!message) {
    throw new UpstreamUnreachableError(
      "The server that stands in for Workers AI did not answer with a chat completion; its baseUrl should end where /chat/completions begins, such as http://127.0.0.1:11434/v1.",
    );
  }
  return {
    response: message.content ?? "",
    ...(message.tool_calls ? { tool_calls: message.tool_calls } : {}),
    ...(chat.usage ? { usage: chat.usage } : {}),
  };
}

/** A stream of chat completion chunks as Workers AI's native stream, event by event. */
export async function* translateEvents(chunks: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const bytes of chunks) {
    const lines = (rest + decoder.write(bytes as Buffer)).split("\n");
    rest = lines.pop() ?? "";
    const events = lines.map(translateLine).join("");
    if (events.length > 0) yield events;
  }
  const last = translateLine(rest + decoder.end());
  if (last.length > 0) yield last;
}

function translateLine(line: string): string {
  if (!line.startsWith("data:")) return "";
  const data = line.slice(5).trim();
  if (data === "[DONE]") return "data: [DONE]\n\n";
  const chat = parse(data);
  if (!chat || chat.error) {
    throw new UpstreamUnreachableError(
      `The server that stands in for Workers AI broke its stream off: ${data.slice(0, 500)}`,
    );
  }
  const delta = chat.choices?.[0]?.delta;
  if (!delta?.content && !delta?.tool_calls && !chat.usage) return "";
  const event = {
    response: delta?.content ?? "",
    ...(delta?.tool_calls ? { tool_calls: delta.tool_calls } : {}),
    ...(chat.usage ? { usage: chat.usage } : {}),
  };
  return `data: ${JSON.stringify(event)}\n\n`;
}

function parse(text: string): Chat | undefined {
  try {
    return JSON.parse(text) as Chat;
  } catch {
    return undefined;
  }
}
