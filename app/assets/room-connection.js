// @ts-check
/** One socket to a room, opened again when it breaks, left when the room has fallen silent. */

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

/**
 * @typedef {object} Surroundings
 * @property {(address: string) => WebSocket} open
 * @property {(wait: number, then: () => void) => () => void} after Returns what calls it off.
 * @property {() => number} random
 * @property {() => number} now
 */

/**
 * @typedef {object} ConnectionUser
 * @property {() => string} address Of the next socket.
 * @property {(data: string) => void} heard Anything but a pong.
 * @property {(failures: number) => void} lost It is tried again by itself.
 */

/** @type {Surroundings} */
export const browserSurroundings = {
  open: (address) => new WebSocket(address),
  after: (wait, then) => {
    const timer = setTimeout(then, wait);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  now: () => performance.now(),
};

export class RoomConnection {
  #surroundings;
  #user;
  /** @type {WebSocket | undefined} */
  #socket;
  #openSince = Number.POSITIVE_INFINITY;
  #failures = 0;
  /** Calls off the retry, or what comes of a silence: there is only one of them at a time. */
  #callOff = () => {};

  /** @param {Surroundings} surroundings @param {ConnectionUser} user */
  constructor(surroundings, user) {
    this.#surroundings = surroundings;
    this.#user = user;
  }

  /** Whether the room has welcomed. */
  get isOpen() {
    return this.#openSince !== Number.POSITIVE_INFINITY;
  }

  /** Opens a socket, instead of the one there is. */
  open() {
    const left = this.#socket;
    const socket = this.#surroundings.open(this.#user.address());
    this.#socket = socket;
    left?.close();
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#wait(timing.idle, () => this.#ping());
      if (data !== "pong") this.#user.heard(String(data));
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.lost();
    };
    this.#wait(timing.answer, () => this.lost());
  }

  /** To be called when the room has welcomed: until then it is no connection. */
  welcomed() {
    this.#openSince = this.#surroundings.now();
  }

  /** @param {string} text */
  send(text) {
    this.#socket?.send(text);
  }

  /** The network or the person came back: no more waiting, and a socket that is dead is found out. */
  wake() {
    if (!this.#socket) this.open();
    else if (this.isOpen) this.#ping();
  }

  /** To be called, too, by who finds out that it is of no use any more. */
  lost() {
    const { now, random } = this.#surroundings;
    const socket = this.#socket;
    this.#socket = undefined;
    if (now() - this.#openSince >= timing.stable) this.#failures = 0;
    this.#openSince = Number.POSITIVE_INFINITY;
    // Without it, a socket that only seems dead would go on counting as somebody there.
    socket?.close();
    const longest = Math.min(timing.longestRetry, timing.firstRetry * 2 ** this.#failures);
    this.#failures += 1;
    this.#user.lost(this.#failures);
    // The spread keeps a whole room from coming back in the same moment.
    this.#wait(longest * (0.5 + random() / 2), () => this.open());
  }

  #ping() {
    this.#wait(timing.pong, () => this.lost());
    this.send("ping");
  }

  /** @param {number} wait @param {() => void} then */
  #wait(wait, then) {
    this.#callOff();
    this.#callOff = this.#surroundings.after(wait, then);
  }
}
