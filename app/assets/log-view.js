// @ts-check
/** The list of messages: in order, each once, scrolled along with whoever reads its end. */
import { element } from "./browser.js";
import { MessageView } from "./message-view.js";

/** @typedef {import("../../worker/chat/protocol.ts").RoomMessage} RoomMessage */
/** @typedef {import("../../worker/chat/protocol.ts").ClientFrame} ClientFrame */

/** Pixels from the end within which somebody counts as reading the end. */
const NEAR = 80;
/** Pixels from the top at which somebody who scrolls up will soon want more. */
const SOON = 300;

export class LogView {
  #log = element("log");
  #list = element("messages");
  #empty = element("empty");
  #newest = element("newest");
  /** @type {Map<string, MessageView>} */
  #views = new Map();
  /** In the order shown. @type {MessageView[]} */
  #order = [];
  /**
   * Whose messages stand on the other side; until the room has welcomed, only the name is known.
   *
   * @type {{ readonly id?: string, readonly name: string }}
   */
  me;
  #follows = true;
  #scrolling = false;
  #lastTop = 0;

  /** Called when somebody scrolls up to the oldest message. */
  onTop = () => {};

  /** @param {string} name */
  constructor(name) {
    this.me = { name };
    this.#log.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#log;
      if (scrollHeight - scrollTop - clientHeight < NEAR) {
        this.#follows = true;
        this.#newest.hidden = true;
      } else if (scrollTop < this.#lastTop) {
        // Only who goes up leaves the end: it also moves away by itself when something is added.
        this.#follows = false;
      }
      if (scrollTop < SOON && scrollTop < this.#lastTop) this.onTop();
      this.#lastTop = scrollTop;
    });
    this.#newest.addEventListener("click", () => {
      this.toEnd();
      this.focus();
    });
    // A phone's keyboard, a turned phone, a message that grows: the end stays in sight.
    new ResizeObserver(() => this.#keepUp()).observe(this.#log);
  }

  /** @param {RoomMessage} message */
  put(message) {
    const isMine = this.isMine(message);
    const view = this.#views.get(message.id) ?? new MessageView();
    const moved = view.seq !== message.seq;
    view.show(message, isMine);
    if (moved) this.#place(message.id, view);
    this.#changed(moved && !isMine);
  }

  /** @param {RoomMessage} message */
  isMine({ person }) {
    return person !== undefined && person === this.me.id;
  }

  get isEmpty() {
    return this.#order.length === 0;
  }

  focus() {
    this.#log.focus({ preventScroll: true });
  }

  /** Changes what is above without moving what is read. @param {() => void} change */
  keepPlace(change) {
    const { style } = this.#log;
    const edge = this.#log.getBoundingClientRect().top;
    const isRead = (/** @type {MessageView} */ { item }) =>
      item.getBoundingClientRect().bottom > edge;
    const read = this.#order.find(isRead)?.item ?? this.#log;
    // Its end, not its top: it may lose its heading to the one before it.
    const { bottom } = read.getBoundingClientRect();
    // Not all browsers do it by themselves; those that do must not do it twice.
    style.overflowAnchor = "none";
    change();
    this.#log.scrollTop += read.getBoundingClientRect().bottom - bottom;
    this.#lastTop = this.#log.scrollTop;
    requestAnimationFrame(() => requestAnimationFrame(() => (style.overflowAnchor = "")));
  }

  /** @param {ClientFrame} frame */
  putPending(frame) {
    const view = new MessageView();
    view.onGrow = () => this.#keepUp();
    view.showPending(frame, this.me.name);
    this.#place(frame.id, view);
    this.#changed(false);
    this.toEnd();
  }

  /** @param {string} id @param {string} reason @param {Record<string, () => void>} ways */
  reject(id, reason, ways) {
    this.#views.get(id)?.showRejected(reason, ways);
    this.#changed(false);
  }

  /** @param {string} id */
  remove(id) {
    const view = this.#views.get(id);
    if (!view) return;
    this.#views.delete(id);
    view.item.remove();
    this.#order.splice(this.#order.indexOf(view), 1);
    this.#changed(false);
  }

  /** @param {string} id @param {string} added */
  append(id, added) {
    this.#views.get(id)?.append(added);
    this.#keepUp();
  }

  /** Forgets what the room said; what it did not confirm yet stays. */
  clear() {
    for (const [id, view] of this.#views) if (view.seq < Number.POSITIVE_INFINITY) this.remove(id);
  }

  ready() {
    this.#empty.hidden = this.#order.length > 0;
  }

  toEnd() {
    this.#follows = true;
    this.#keepUp();
  }

  /** @param {string} id @param {MessageView} view */
  #place(id, view) {
    const before = this.#order.indexOf(view);
    if (before >= 0) this.#order.splice(before, 1);
    // From the end, where nearly every message belongs.
    let index = this.#order.length;
    while (index > 0 && (this.#order[index - 1]?.seq ?? 0) > view.seq) index -= 1;
    this.#order.splice(index, 0, view);
    this.#views.set(id, view);
    const next = this.#order[index + 1];
    if (view.item.nextElementSibling !== (next?.item ?? null) || !view.item.isConnected)
      this.#list.insertBefore(view.item, next?.item ?? null);
    view.follow(this.#order[index - 1]);
    next?.follow(view);
  }

  /** @param {boolean} isNew */
  #changed(isNew) {
    if (this.#order.length > 0) this.#empty.hidden = true;
    if (isNew && !this.#follows) this.#newest.hidden = false;
    this.#keepUp();
  }

  /** Once a frame, however many tokens came. */
  #keepUp() {
    if (!this.#follows || this.#scrolling) return;
    this.#scrolling = true;
    requestAnimationFrame(() => {
      this.#scrolling = false;
      if (this.#follows) this.#log.scrollTop = this.#log.scrollHeight;
    });
  }
}
