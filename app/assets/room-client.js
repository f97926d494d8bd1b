// @ts-check
/**
 * Keeps a page in its room: one socket, opened again when it breaks, resumed where it broke, and an
 * outbox whose messages are sent until the room confirms them. Nothing of the document is in here.
 *
 * Messages leave one at a time, each after the room's receipt for the one before: so they keep
 * their order over reconnects and rate limits, and a message is never lost behind another's error.
 */
import { RoomLog } from "./room-log.js";

/** @typedef {import("../../worker/chat/protocol.ts").RoomMessage} RoomMessage */
/** @typedef {import("../../worker/chat/protocol.ts").ServerFrame} ServerFrame */
/** @typedef {import("../../worker/chat/protocol.ts").ErrorFrame} ErrorFrame */
/** @typedef {import("../../worker/chat/protocol.ts").ClientFrame} ClientFrame */
/** @typedef {import("../../worker/chat/protocol.ts").WelcomeFrame} WelcomeFrame */
/** @typedef {import("../../worker/chat/protocol.ts").PeopleFrame} PeopleFrame */
/** @typedef {import("../../worker/chat/protocol.ts").HistoryPage} HistoryPage */
/** @typedef {"connecting" | "open" | "reconnecting"} ConnectionState */

/**
 * @typedef {object} RoomListener
 * @property {(state: ConnectionState, failures: number) => void} connection
 * @property {(welcome: WelcomeFrame) => void} welcomed
 * @property {() => void} caughtUp Every message of the welcome was told.
 * @property {(people: WelcomeFrame | PeopleFrame) => void} people
 * @property {(message: RoomMessage, live: boolean) => void} message `live`: not from the past.
 * @property {(id: string, added: string) => void} token
 * @property {(frame: ClientFrame) => void} pending It waits for the room's receipt.
 * @property {(frame: ClientFrame, error: ErrorFrame) => void} rejected It is not tried again.
 * @property {(error: ErrorFrame) => void} error
 * @property {() => void} cleared The room started over: forget every message.
 */

/**
 * @typedef {object} RoomClientOptions
 * @property {(after: number | undefined) => string} address
 * @property {RoomListener} listener
 * @property {() => string} newId
 * @property {{ load(): ClientFrame[], save(frames: ClientFrame[]): void }} outbox
 * @property {(address: string) => WebSocket} [open]
 * @property {(wait: number, then: () => void) => () => void} [after] Returns what calls it off.
 * @property {() => number} [random]
 * @property {() => number} [now]
 */

/** Milliseconds. */
export const timing = {
  /** Until the welcome, and from a message to its receipt. */
  answer: 15_000,
  /** Silence after which the page pings. */
  idle: 25_000,
  /** From a ping to whatever the room says next. */
  pong: 8_000,
  firstRetry: 500,
  longestRetry: 30_000,
  /** A connection that lasted this long was a good one: the next retry is quick again. */
  stable: 5_000,
  /** Before a message that came too fast is sent again. */
  again: 1_000,
};
const TRIES = 5;

/** @type {(wait: number, then: () => void) => () => void} */
const afterTime = (wait, then) => {
  const timer = setTimeout(then, wait);
  return () => clearTimeout(timer);
};

export class RoomClient {
  #log = new RoomLog();
  /** @type {ClientFrame[]} */
  #outbox;
  /** @type {WebSocket | undefined} */
  #socket;
  #options;
  #welcomed = false;
  /** `seq` of what the last welcome knew: up to there, messages are from the past. */
  #past = 0;
  /** @type {number | undefined} */
  #oldest;
  #openSince = Number.POSITIVE_INFINITY;
  #failures = 0;
  #tries = 0;
  /** Timers by what they wait for. @type {Map<"retry" | "silence" | "receipt", () => void>} */
  #timers = new Map();
  /** Whether the oldest of the outbox is sent and has no receipt yet. */
  #underWay = false;

  /** @param {RoomClientOptions} options */
  constructor(options) {
    this.#options = {
      open: (/** @type {string} */ address) => new WebSocket(address),
      after: afterTime,
      random: Math.random,
      now: () => performance.now(),
      ...options,
    };
    this.#outbox = options.outbox.load();
  }

  start() {
    for (const frame of this.#outbox) this.#options.listener.pending(frame);
    this.#options.listener.connection("connecting", 0);
    this.#connect();
  }

  /** Says something, now or when the room is there again. @param {string} text */
  say(text) {
    this.#post({ type: "say", id: this.#options.newId(), text });
  }

  /** @param {string} text */
  ask(text) {
    this.#post({ type: "ask", id: this.#options.newId(), text });
  }

  /** The network or the person came back: no more waiting, and a socket that is dead is found out. */
  wake() {
    if (!this.#socket) this.#connect();
    else if (this.#openSince !== Number.POSITIVE_INFINITY) this.#ping();
  }

  get unsent() {
    return this.#outbox.length;
  }

  /** `seq` from which on every message is here; `undefined` before the room has welcomed. */
  get oldest() {
    return this.#oldest;
  }

  /** Takes what was said right before the oldest. @param {HistoryPage} page */
  addEarlier({ messages, earlier }) {
    this.#oldest = earlier ? (messages[0]?.seq ?? this.#oldest) : 1;
    // What is here already is newer: an answer may have ended while this was on its way.
    for (const message of messages) if (!this.#log.get(message.id)) this.#put(message, false);
  }

  /** @param {ClientFrame} frame */
  #post(frame) {
    this.#outbox.push(frame);
    this.#options.outbox.save(this.#outbox);
    this.#options.listener.pending(frame);
    this.#pump();
  }

  #connect() {
    this.#stopTimers();
    const asked = this.#welcomed ? this.#log.resumeAfter : undefined;
    const socket = this.#options.open(this.#options.address(asked));
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(String(data), asked);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost();
    };
    this.#wait("silence", timing.answer, () => this.#lost());
  }

  #lost() {
    const { listener, now, random } = this.#options;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#stopTimers();
    this.#underWay = false;
    if (now() - this.#openSince >= timing.stable) this.#failures = 0;
    this.#openSince = Number.POSITIVE_INFINITY;
    // Without it, a socket that only seems dead would go on counting as somebody there.
    socket?.close();
    const longest = Math.min(timing.longestRetry, timing.firstRetry * 2 ** this.#failures);
    this.#failures += 1;
    listener.connection("reconnecting", this.#failures);
    // The spread keeps a whole room from coming back in the same moment.
    this.#wait("retry", longest * (0.5 + random() / 2), () => this.#connect());
  }

  /** @param {string} data @param {number | undefined} asked */
  #receive(data, asked) {
    this.#wait("silence", timing.idle, () => this.#ping());
    if (data === "pong") return;
    const frame = /** @type {ServerFrame} */ (JSON.parse(data));
    const { listener } = this.#options;
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame, asked);
      case "message":
        return this.#put(frame.message, frame.message.seq > this.#past);
      case "answered":
        // The end of one that is older than what is here: it comes with what was said around it.
        if (!this.#log.get(frame.message.id) && frame.message.seq < (this.#oldest ?? 0)) return;
        return this.#put(frame.message, true);
      case "token": {
        // Messages come before their tokens; so this one is older than what is here.
        if (!this.#log.get(frame.id)) return;
        const added = this.#log.append(frame);
        if (added === undefined) this.#lost();
        else if (added) listener.token(frame.id, added);
        return;
      }
      case "people":
        return listener.people(frame);
      case "error":
        return this.#refused(frame);
    }
  }

  /** @param {WelcomeFrame} frame @param {number | undefined} asked */
  #welcome(frame, asked) {
    const { listener, now } = this.#options;
    if (asked !== undefined && frame.last < asked) {
      this.#log.clear();
      this.#welcomed = false;
      this.#oldest = undefined;
      listener.cleared();
      this.#socket?.close();
      return this.#connect();
    }
    if (!this.#welcomed) this.#oldest = frame.messages[0]?.seq ?? 1;
    this.#welcomed = true;
    this.#past = frame.last;
    this.#openSince = now();
    listener.connection("open", 0);
    listener.welcomed(frame);
    listener.people(frame);
    for (const message of frame.messages) this.#put(message, false);
    listener.caughtUp();
    this.#pump();
  }

  /** @param {RoomMessage} message @param {boolean} live */
  #put(message, live) {
    this.#log.put(message);
    this.#options.listener.message(message, live);
    this.#settle(message.id);
  }

  /** Takes a message from the outbox: the room has it, or will not have it. @param {string} id */
  #settle(id) {
    const index = this.#outbox.findIndex((frame) => frame.id === id);
    if (index < 0) return undefined;
    const [frame] = this.#outbox.splice(index, 1);
    this.#options.outbox.save(this.#outbox);
    if (index === 0) {
      this.#underWay = false;
      this.#tries = 0;
      this.#stop("receipt");
    }
    this.#pump();
    return frame;
  }

  /** @param {ErrorFrame} error */
  #refused(error) {
    const { listener } = this.#options;
    // One message is under way at a time, so an error without an id can only mean that one.
    const id = error.id ?? (this.#underWay ? this.#outbox[0]?.id : undefined);
    const passes = error.code === "rate-limited" || error.code === "failed";
    if (passes && id !== undefined && id === this.#outbox[0]?.id && this.#tries < TRIES) {
      this.#tries += 1;
      this.#wait("receipt", timing.again * this.#tries, () => {
        this.#underWay = false;
        this.#pump();
      });
      return;
    }
    const frame = id === undefined ? undefined : this.#settle(id);
    if (frame) listener.rejected(frame, error);
    else listener.error(error);
  }

  /** Sends the oldest message that the room did not confirm. */
  #pump() {
    const [frame] = this.#outbox;
    if (!frame || this.#underWay || this.#openSince === Number.POSITIVE_INFINITY) return;
    this.#underWay = true;
    this.#wait("receipt", timing.answer, () => this.#lost());
    this.#socket?.send(JSON.stringify(frame));
  }

  #ping() {
    this.#wait("silence", timing.pong, () => this.#lost());
    this.#socket?.send("ping");
  }

  /** @param {"retry" | "silence" | "receipt"} what @param {number} wait @param {() => void} then */
  #wait(what, wait, then) {
    this.#stop(what);
    this.#timers.set(what, this.#options.after(wait, then));
  }

  /** @param {"retry" | "silence" | "receipt"} what */
  #stop(what) {
    this.#timers.get(what)?.();
    this.#timers.delete(what);
  }

  #stopTimers() {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }
}
