import { badInput } from "./workers-ai-error.js";

/**
 * All the text a model is asked, one line per message.
 * @throws {WorkersAiError} when there is neither a prompt nor messages.
 */
export function readPrompt(input: Readonly<Record<string, unknown>>, bare: boolean): string {
  if (Array.isArray(input.messages) && input.messages.length > 0) {
    return input.messages.map((message) => readMessage(message, bare)).join("\n");
  }
  if (typeof input.prompt === "string" && input.prompt.length > 0) return input.prompt;
  throw badInput(
    "Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', required properties at '/' are 'messages'",
    bare,
  );
}

function readMessage(message: unknown, bare: boolean): string {
  const content = (message as { content?: unknown } | null)?.content;
  if (typeof content === "string") return content;
  // A message that only calls tools has no text.
  if (content === null || content === undefined) return "";
  if (Array.isArray(content)) {
    return content.map((part) => (typeof part?.text === "string" ? part.text : "")).join(" ");
  }
  throw badInput(
    "Error: a message's content is neither a string nor a list of parts with text",
    bare,
  );
}
