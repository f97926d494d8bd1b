// @ts-check
/** The messages of a room as this page knows them, without anything of the browser. */

/** @typedef {import("../../worker/chat/protocol.ts").RoomMessage} RoomMessage */
/** @typedef {import("../../worker/chat/protocol.ts").TokenFrame} TokenFrame */

/** The bounds the room checks; see `limits` in worker/chat/protocol.ts. */
export const limits = { textLength: 4_000, nameLength: 40, roomLength: 64 };

/** @param {string} name */
export const isRoomName = (name) => /^[a-z0-9-]{1,64}$/.test(name);

/** The nearest allowed name to what somebody typed. @param {string} text */
export const toRoomName = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, limits.roomLength)
    .replace(/^-|-$/g, "");

export class RoomLog {
  /** @type {Map<string, RoomMessage>} */
  #messages = new Map();

  get size() {
    return this.#messages.size;
  }

  /** @param {string} id */
  get(id) {
    return this.#messages.get(id);
  }

  /** The later of two messages with one id is the true one. @param {RoomMessage} message */
  put(message) {
    const isNew = !this.#messages.has(message.id);
    this.#messages.set(message.id, message);
    return isNew;
  }

  /**
   * Adds a token to its answer and returns the part that was not there yet; `undefined` says that
   * something before it is missing, so that only a reconnect helps.
   *
   * @param {Pick<TokenFrame, "id" | "offset" | "text">} token
   */
  append({ id, offset, text }) {
    const answer = this.#messages.get(id);
    if (!answer || offset > answer.text.length) return undefined;
    const added = text.slice(answer.text.length - offset);
    if (added) this.#messages.set(id, { ...answer, text: answer.text + added });
    return added;
  }

  /** The `seq` up to which every message is here and finished. */
  get resumeAfter() {
    let last = 0;
    let open = Number.POSITIVE_INFINITY;
    for (const { seq, state } of this.#messages.values()) {
      last = Math.max(last, seq);
      if (state === "streaming") open = Math.min(open, seq - 1);
    }
    return Math.min(last, open);
  }

  clear() {
    this.#messages.clear();
  }
}
