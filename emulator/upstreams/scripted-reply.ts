import { createHash } from "node:crypto";

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface ScriptedReply {
  readonly text: string;
  /** The text in the pieces a stream sends. */
  readonly tokens: readonly string[];
  readonly usage: Usage;
  readonly finishReason: "stop" | "length";
  /** The same for the same prompt. */
  readonly id: string;
}

const EXCERPT_LENGTH = 60;

/** An answer that depends on nothing but the prompt, and says that no model made it. */
export function scriptReply(prompt: string, maxTokens: unknown): ScriptedReply {
  const id = createHash("sha256").update(prompt).digest("hex").slice(0, 12);
  const asked = prompt.replace(/\s+/g, " ").trim();
  const excerpt =
    asked.length > EXCERPT_LENGTH ? `${asked.slice(0, EXCERPT_LENGTH).trimEnd()}…` : asked;
  const whole = tokenize(
    `Scripted answer ${id}, no model ran: the prompt was "${excerpt}". Point the emulator at a real model for a real answer.`,
  );
  const limit = typeof maxTokens === "number" && maxTokens > 0 ? maxTokens : whole.length;
  const tokens = whole.slice(0, limit);
  const prompt_tokens = countTokens(prompt);
  return {
    id,
    tokens,
    text: tokens.join(""),
    usage: {
      prompt_tokens,
      completion_tokens: tokens.length,
      total_tokens: prompt_tokens + tokens.length,
    },
    finishReason: tokens.length < whole.length ? "length" : "stop",
  };
}

/** A word with the space before it: close to what a model's own tokens look like. */
const tokenize = (text: string): string[] => text.match(/\s*\S+/g) ?? [];

function countTokens(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/\S+/g)) count++;
  return count;
}
