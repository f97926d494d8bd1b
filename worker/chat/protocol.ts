/**
 * What a page and a room say to each other over `GET /rooms/{room}/socket`: types, limits and
 * what both must judge alike. It imports nothing, so page, Worker and tests can share it. What a page
 * sends is read by `parse-client-frame.ts` and `parse-join.ts`.
 *
 * Every frame is one JSON object as text. `"ping"` is the exception: the platform answers `"pong"`
 * without waking the room.
 *
 * A message is known by its `id` and ordered by its `seq`. It may come more than once, in a
 * `welcome` and as a `message`: the later one replaces the earlier. Only an answer changes, while
 * it streams.
 *
 * @module
 */

/** Bounds of what a room takes. Lengths are in UTF-16 code units, as `string.length` counts. */
export const limits = {
  /** Characters of a message, the blanks around it not counted. */
  textLength: 4_000,
  /** Characters of a person's name. */
  nameLength: 40,
  /** Characters of a room's name: small letters, digits and hyphens. */
  roomLength: 64,
  /** Characters of a message's or person's id: letters, digits and hyphens. */
  idLength: 64,
  /** Characters of a whole frame from a page. */
  frameLength: 32_000,
  /** Open sockets in a room. */
  sockets: 1_000,
  /** People named in a `people` or `welcome` frame; `count` tells them all. */
  people: 100,
  /** Messages kept; older ones are dropped. */
  history: 10_000,
  /** Messages in a `welcome` to somebody new. */
  welcome: 50,
  /** Messages in a `welcome` to somebody who comes back; more follow as `message` frames. */
  resume: 200,
  /** Earlier messages that are given at once. */
  earlier: 200,
  /** Frames a socket may send at once, and how many more each second. */
  burst: 60,
  perSecond: 30,
  /** Answers that may stream into a room at the same time. */
  answers: 4,
  /** Characters of an answer; a longer one is cut off and says so. */
  answerLength: 32_000,
} as const;

export type MessageKind = "chat" | "question" | "answer" | "summary";

/** `failed`: the answer holds what came, and a sentence about why it ended. */
export type MessageState = "done" | "streaming" | "failed";

export interface RoomMessage {
  /** Place in the room, from 1, growing; gaps are possible. */
  readonly seq: number;
  readonly id: string;
  /** Public id of who wrote it; none for answers and summaries. */
  readonly person?: string;
  /** Name of who wrote it, as it was then; the model's for answers and summaries. */
  readonly author: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: MessageKind;
  readonly state: MessageState;
  /** Why a `failed` answer ended, as a sentence. */
  readonly error?: string;
  /** Answers and summaries: who answered. */
  readonly model?: string;
  /** Answers and summaries: milliseconds from the question to the end of the answer. */
  readonly ms?: number;
  /** Answers and summaries: whether the gateway had it in its cache. */
  readonly cache?: "HIT" | "MISS";
}

/** Somebody in the room, as everybody may know them. Two people may have the same name. */
export interface Person {
  /** Public id; nobody can join with it. */
  readonly id: string;
  readonly name: string;
}

/** Earlier messages, as `GET /rooms/{room}/messages` gives them. */
export interface HistoryPage {
  /** Oldest first. */
  readonly messages: readonly RoomMessage[];
  /** Whether there are any before these. */
  readonly earlier: boolean;
}

export type ClientFrame =
  /** Writes a message. Text that starts with `/ai ` is a question, as with `ask`. */
  | { readonly type: "say"; readonly id: string; readonly text: string }
  /** Asks the model; the question and its answer become messages of the room. */
  | { readonly type: "ask"; readonly id: string; readonly text: string };

export type ServerFrame =
  | WelcomeFrame
  /** A new message, or one that was sent before: whoever sent it takes it as the receipt. */
  | { readonly type: "message"; readonly message: RoomMessage }
  | TokenFrame
  /** An answer's last word: whole, `done` or `failed`. */
  | { readonly type: "answered"; readonly message: RoomMessage }
  | PeopleFrame
  | ErrorFrame;

/** The first frame on every socket. */
export interface WelcomeFrame {
  readonly type: "welcome";
  readonly room: string;
  readonly you: Person;
  readonly people: readonly Person[];
  readonly count: number;
  /** Oldest first: those after `after`, or the latest when `after` was not given. */
  readonly messages: readonly RoomMessage[];
  /** `seq` of the room's last message, 0 in an empty room. When it is below `after`, start over. */
  readonly last: number;
}

/** More of an answer. */
export interface TokenFrame {
  readonly type: "token";
  /** The answer's id. */
  readonly id: string;
  /** How long the answer's text is without it; see `appendToken`. */
  readonly offset: number;
  readonly text: string;
}

/** Who is there, one entry per person however many sockets. */
export interface PeopleFrame {
  readonly type: "people";
  readonly people: readonly Person[];
  readonly count: number;
}

/** What was wrong with a frame. The socket stays open. */
export interface ErrorFrame {
  readonly type: "error";
  readonly code: ErrorCode;
  /** A sentence for people. */
  readonly message: string;
  /** The frame's own id, when it could be read. */
  readonly id?: string;
}

export type ErrorCode =
  /** Binary data. */
  | "not-text"
  | "not-json"
  | "unknown-type"
  /** A field that is missing or has a value that is not allowed. */
  | "invalid"
  | "too-long"
  /** Somebody else wrote a message of this id. */
  | "id-taken"
  /** Too many frames; send this one again in a second. */
  | "rate-limited"
  /** Too many answers stream at once; ask again when one is done. */
  | "busy"
  /** The room itself failed; send the frame again. */
  | "failed";

const roomPattern = new RegExp(`^[a-z0-9-]{1,${limits.roomLength}}$`);
const idPattern = new RegExp(`^[A-Za-z0-9-]{1,${limits.idLength}}$`);

export const isRoomName = (name: string): boolean => roomPattern.test(name);

/** Whether a message or a person may be known by it. */
export const isId = (id: string): boolean => idPattern.test(id);

/**
 * Adds a token to what is there of its answer. A part that is there already is not added again;
 * `undefined` says that something before it is missing, so that the page must reconnect.
 */
export function appendToken(
  text: string,
  token: Pick<TokenFrame, "offset" | "text">,
): string | undefined {
  if (token.offset > text.length) return undefined;
  return token.offset + token.text.length <= text.length
    ? text
    : text + token.text.slice(text.length - token.offset);
}

/**
 * The `after` to reconnect with: the last `seq`, but before any answer that still streams, which
 * may have gone on in the meantime.
 */
export function resumeAfter(messages: Iterable<Pick<RoomMessage, "seq" | "state">>): number {
  let last = 0;
  let open = Number.POSITIVE_INFINITY;
  for (const { seq, state } of messages) {
    last = Math.max(last, seq);
    if (state === "streaming") open = Math.min(open, seq - 1);
  }
  return Math.min(last, open);
}
