import type { RoomMessage } from "./protocol.js";

/** Messages that go along with a question, at most. */
const CONTEXT_MESSAGES = 12;

/** Characters of a conversation that a summary is made of, at most. */
const SUMMARY_LENGTH = 24_000;

/** What a model is asked. */
export interface Prompt {
  readonly messages: readonly { readonly role: "system" | "user"; readonly content: string }[];
}

/** A prompt whose answer may come as a stream. */
export interface Question extends Prompt {
  readonly stream?: true;
}

/**
 * A question with the conversation before it.
 *
 * The gateway's cache knows a question by these bytes. So there is nothing in them that changes by
 * itself: no time, no id, no room, not who asks; and the same question asked before, with its
 * answer, is left out: it would make the second prompt another one than the first.
 *
 * The gateway keeps whole answers, never streams. So a prompt that is new streams, and one that was
 * asked before does not: its answer comes at once, and from then on out of the cache.
 *
 * @param before What was said before the question, oldest first.
 */
export function renderQuestion(question: string, before: readonly RoomMessage[]): Question {
  const prompt = renderPrompt(question, before);
  const bytes = JSON.stringify(prompt);
  const isRepeated = before.some(
    ({ kind, text }, index) =>
      kind === "question" &&
      text === question &&
      JSON.stringify(renderPrompt(question, before.slice(0, index))) === bytes,
  );
  return isRepeated ? prompt : { ...prompt, stream: true };
}

function renderPrompt(question: string, before: readonly RoomMessage[]): Prompt {
  const context = withoutQuestion(question, before).filter(isSaid).slice(-CONTEXT_MESSAGES);
  if (context.length === 0) return { messages: [{ role: "user", content: question }] };
  return {
    messages: [
      {
        role: "user",
        // The question first: who reads a log or a prompt cut short sees what was asked.
        content: `${question}\n\nThe conversation in our chat room so far, for context:\n${transcript(context)}`,
      },
    ],
  };
}

/** @param conversation Oldest first; when it is long, its end is what counts. */
export function renderSummaryRequest(conversation: readonly RoomMessage[]): Prompt {
  return {
    messages: [
      {
        role: "user",
        content: `Summarise this conversation of a chat room in a few sentences, in its own language. Name who said what where it matters.\n\n${transcript(conversation.filter(isSaid)).slice(-SUMMARY_LENGTH)}`,
      },
    ],
  };
}

/** What people and the model said to each other: nothing unfinished, nothing about itself. */
export const isSaid = ({ kind, state }: RoomMessage): boolean =>
  kind !== "summary" && state === "done";

/** Id of the answer to a question; people's ids have no dot. */
export const answerId = (questionId: string): string => `${questionId}.answer`;

function withoutQuestion(question: string, messages: readonly RoomMessage[]): RoomMessage[] {
  const asked = new Set<string>();
  for (const { id, kind, text } of messages)
    if (kind === "question" && isSame(text, question)) {
      asked.add(id);
      asked.add(answerId(id));
    }
  return messages.filter(({ id }) => !asked.has(id));
}

const isSame = (one: string, other: string): boolean => normalize(one) === normalize(other);

const normalize = (text: string): string => text.replace(/\s+/g, " ").toLowerCase();

const transcript = (messages: readonly RoomMessage[]): string =>
  messages.map(({ author, text }) => `${author}: ${text}`).join("\n");
