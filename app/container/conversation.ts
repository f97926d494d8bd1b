/** What the PDF service is sent: a room's conversation, oldest first. */
export interface Conversation {
  readonly room: string;
  readonly messages: readonly ConversationMessage[];
}

export interface ConversationMessage {
  readonly author: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: string;
  readonly state: string;
  readonly error?: string;
}

/** Reads a request's body; a string says what is wrong with it. */
export function parseConversation(body: string): Conversation | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'The body is not JSON. Send {"room":"…","messages":[…]}.';
  }
  const { room, messages } = (value ?? {}) as { room?: unknown; messages?: unknown };
  if (typeof room !== "string") return '"room" must be a string.';
  if (!Array.isArray(messages)) return '"messages" must be an array.';
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    if (typeof message !== "object" || message === null) return `${at} must be an object.`;
    const fields = message as Readonly<Record<string, unknown>>;
    for (const name of ["author", "text", "kind", "state"])
      if (typeof fields[name] !== "string") return `${at}.${name} must be a string.`;
    if (fields.error !== undefined && typeof fields.error !== "string")
      return `${at}.error must be a string.`;
    if (typeof fields.at !== "number" || Number.isNaN(new Date(fields.at).getTime()))
      return `${at}.at must be milliseconds since 1970.`;
  }
  return { room, messages };
}
