import type { ScriptedReply } from "./scripted-reply.js";

export interface ReplyFacts {
  readonly model: string;
  readonly bare: boolean;
  /** Seconds since 1970. */
  readonly created: number;
}

/** How one API of Workers AI writes an answer. */
export interface ModelDialect {
  renderReply(reply: ScriptedReply, about: ReplyFacts): unknown;
  renderToken(token: string, reply: ScriptedReply, about: ReplyFacts): unknown;
  /** The event before `[DONE]`, which carries the usage. */
  renderLast(reply: ScriptedReply, about: ReplyFacts): unknown;
}

export const envelope = (result: unknown) => ({ result, success: true, errors: [], messages: [] });

const native: ModelDialect = {
  renderReply: ({ text, usage }, { bare }) => {
    const output = { response: text, usage };
    return bare ? output : envelope(output);
  },
  renderToken: (token) => ({ response: token }),
  renderLast: ({ usage }) => ({ response: "", usage }),
};

const chunk = (reply: ScriptedReply, { model, created }: ReplyFacts) => ({
  id: `chatcmpl-${reply.id}`,
  object: "chat.completion.chunk",
  created,
  model,
});

const openai: ModelDialect = {
  renderReply: (reply, about) => ({
    ...chunk(reply, about),
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: reply.text },
        finish_reason: reply.finishReason,
      },
    ],
    usage: reply.usage,
  }),
  renderToken: (token, reply, about) => ({
    ...chunk(reply, about),
    choices: [{ index: 0, delta: { role: "assistant", content: token }, finish_reason: null }],
  }),
  renderLast: (reply, about) => ({
    ...chunk(reply, about),
    choices: [{ index: 0, delta: {}, finish_reason: reply.finishReason }],
    usage: reply.usage,
  }),
};

export const dialects = { native, openai } as const;
