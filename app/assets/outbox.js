// @ts-check
/**
 * What somebody wrote and the room did not confirm yet, oldest first. One message is under way at a
 * time: so they keep their order, and an error without an id can only mean that one.
 */

/** @typedef {import("../../worker/chat/protocol.ts").ClientFrame} ClientFrame */
/** @typedef {import("../../worker/chat/protocol.ts").ErrorFrame} ErrorFrame */

/** What keeps it over a reload. @typedef {{ load(): ClientFrame[], save(frames: ClientFrame[]): void }} OutboxStore */

const TRIES = 5;

export class Outbox {
  #store;
  /** @type {ClientFrame[]} */
  #frames;
  /** Whether the oldest is sent and has no receipt yet. */
  #underWay = false;
  /** How often the oldest was refused and is to be sent again. */
  #tries = 0;

  /** @param {OutboxStore} store */
  constructor(store) {
    this.#store = store;
    this.#frames = store.load();
  }

  /** @returns {readonly ClientFrame[]} */
  get frames() {
    return this.#frames;
  }

  /** @param {ClientFrame} frame */
  add(frame) {
    this.#frames.push(frame);
    this.#store.save(this.#frames);
  }

  /** The oldest, which is under way from now on; nothing while it is. */
  next() {
    const [frame] = this.#frames;
    if (!frame || this.#underWay) return undefined;
    this.#underWay = true;
    return frame;
  }

  /** The one under way did not arrive. */
  takeBack() {
    this.#underWay = false;
  }

  /**
   * How often the oldest is tried again because of this error, this time included; nothing when it
   * is not about the oldest, does not pass, or came too often.
   *
   * @param {ErrorFrame} error
   */
  triesAfter(error) {
    const passes = error.code === "rate-limited" || error.code === "failed";
    const id = this.#idOf(error);
    if (!passes || id === undefined || id !== this.#frames[0]?.id || this.#tries >= TRIES)
      return undefined;
    this.#tries += 1;
    return this.#tries;
  }

  /** Takes out what an error is about. @param {ErrorFrame} error */
  reject(error) {
    const id = this.#idOf(error);
    return id === undefined ? undefined : this.settle(id);
  }

  /**
   * Takes a message out: the room has it, or will not have it.
   *
   * @param {string} id
   * @returns {{ frame: ClientFrame, isOldest: boolean } | undefined}
   */
  settle(id) {
    const index = this.#frames.findIndex((frame) => frame.id === id);
    const [frame] = index < 0 ? [] : this.#frames.splice(index, 1);
    if (!frame) return undefined;
    this.#store.save(this.#frames);
    if (index === 0) {
      this.#underWay = false;
      this.#tries = 0;
    }
    return { frame, isOldest: index === 0 };
  }

  /** @param {ErrorFrame} error */
  #idOf(error) {
    return error.id ?? (this.#underWay ? this.#frames[0]?.id : undefined);
  }
}
