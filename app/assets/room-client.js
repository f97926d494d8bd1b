// @ts-check
/**
 * Keeps a page in its room: one connection, resumed where it broke, and an outbox whose messages are
 * sent until the room confirms them. Nothing of the document is in here.
 */
import { Outbox } from "./outbox.js";
import { browserSurroundings, RoomConnection, timing } from "./room-connection.js";
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
 * @typedef {Partial<import("./room-connection.js").Surroundings> & RoomOptions} RoomClientOptions
 *
 * @typedef {object} RoomOptions
 * @property {(after: number | undefined) => string} address
 * @property {RoomListener} listener
 * @property {() => string} newId
 * @property {import("./outbox.js").OutboxStore} outbox
 */

export class RoomClient {
  #log = new RoomLog();
  #outbox;
  #connection;
  #options;
  #welcomed = false;
  /** What the last socket asked for: messages after this one. @type {number | undefined} */
  #asked;
  /** `seq` of what the last welcome knew: up to there, messages are from the past. */
  #past = 0;
  /** @type {number | undefined} */
  #oldest;
  /** Calls off the wait for the receipt of what is under way, or the wait until it is sent again. */
  #callOff = () => {};

  /** @param {RoomClientOptions} options */
  constructor(options) {
    this.#options = { ...browserSurroundings, ...options };
    this.#outbox = new Outbox(options.outbox);
    this.#connection = new RoomConnection(this.#options, {
      address: () => {
        this.#asked = this.#welcomed ? this.#log.resumeAfter : undefined;
        return options.address(this.#asked);
      },
      heard: (data) => this.#receive(JSON.parse(data)),
      lost: (failures) => {
        this.#callOff();
        this.#outbox.takeBack();
        options.listener.connection("reconnecting", failures);
      },
    });
  }

  start() {
    for (const frame of this.#outbox.frames) this.#options.listener.pending(frame);
    this.#options.listener.connection("connecting", 0);
    this.#connection.open();
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
    this.#connection.wake();
  }

  get unsent() {
    return this.#outbox.frames.length;
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
    this.#outbox.add(frame);
    this.#options.listener.pending(frame);
    this.#pump();
  }

  /** @param {ServerFrame} frame */
  #receive(frame) {
    const { listener } = this.#options;
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame);
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
        if (added === undefined) this.#connection.lost();
        else if (added) listener.token(frame.id, added);
        return;
      }
      case "people":
        return listener.people(frame);
      case "error":
        return this.#refused(frame);
    }
  }

  /** @param {WelcomeFrame} frame */
  #welcome(frame) {
    const { listener } = this.#options;
    if (this.#asked !== undefined && frame.last < this.#asked) {
      this.#log.clear();
      this.#welcomed = false;
      this.#oldest = undefined;
      listener.cleared();
      return this.#connection.open();
    }
    if (!this.#welcomed) this.#oldest = frame.messages[0]?.seq ?? 1;
    this.#welcomed = true;
    this.#past = frame.last;
    this.#connection.welcomed();
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
    this.#settled(this.#outbox.settle(message.id));
  }

  /** Goes on after what was taken out of the outbox. @param {ReturnType<Outbox["settle"]>} taken */
  #settled(taken) {
    if (!taken) return undefined;
    if (taken.isOldest) this.#callOff();
    this.#pump();
    return taken.frame;
  }

  /** @param {ErrorFrame} error */
  #refused(error) {
    const { listener } = this.#options;
    const tries = this.#outbox.triesAfter(error);
    if (tries !== undefined) {
      this.#wait(timing.again * tries, () => {
        this.#outbox.takeBack();
        this.#pump();
      });
      return;
    }
    const frame = this.#settled(this.#outbox.reject(error));
    if (frame) listener.rejected(frame, error);
    else listener.error(error);
  }

  /** Sends the oldest message that the room did not confirm. */
  #pump() {
    if (!this.#connection.isOpen) return;
    const frame = this.#outbox.next();
    if (!frame) return;
    this.#wait(timing.answer, () => this.#connection.lost());
    this.#connection.send(JSON.stringify(frame));
  }

  /** @param {number} wait @param {() => void} then */
  #wait(wait, then) {
    this.#callOff();
    this.#callOff = this.#options.after(wait, then);
  }
}
