import type { RoomListener } from "../../../app/assets/room-client.js";
import { RoomClient } from "../../../app/assets/room-client.js";
import type { ClientFrame, RoomMessage, ServerFrame } from "../../../worker/chat/protocol.js";

/** A socket whose other end is the test. */
export class FakeSocket {
  readonly sent: string[] = [];
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  isClosed = false;
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
  }

  hear(frame: ServerFrame | "pong"): void {
    this.onmessage?.({ data: frame === "pong" ? frame : JSON.stringify(frame) });
  }

  get frames(): ClientFrame[] {
    return this.sent.filter((data) => data !== "ping").map((data) => JSON.parse(data));
  }
}

/** A page's client with a network and a clock that the test moves. */
export class FakeRoom {
  readonly sockets: FakeSocket[] = [];
  readonly said: unknown[][] = [];
  readonly client: RoomClient;
  stored: ClientFrame[];
  random = 1;
  #now = 0;
  #timers: { at: number; then: () => void }[] = [];
  #ids = 0;

  constructor(stored: ClientFrame[] = []) {
    this.stored = stored;
    const note =
      (name: string) =>
      (...values: unknown[]) =>
        void this.said.push([name, ...values]);
    this.client = new RoomClient({
      address: (after) => `room?after=${after}`,
      newId: () => `id-${++this.#ids}`,
      outbox: {
        load: () => [...this.stored],
        save: (frames) => {
          this.stored = [...frames];
        },
      },
      open: (address) => {
        const socket = new FakeSocket(address);
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      after: (wait, then) => {
        const timer = { at: this.#now + wait, then };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        };
      },
      random: () => this.random,
      now: () => this.#now,
      listener: {
        connection: note("connection"),
        welcomed: note("welcomed"),
        caughtUp: note("caughtUp"),
        people: note("people"),
        message: note("message"),
        token: note("token"),
        pending: note("pending"),
        rejected: note("rejected"),
        error: note("error"),
        cleared: note("cleared"),
      } satisfies RoomListener,
    });
    this.client.start();
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error("No socket was opened.");
    return last;
  }

  /** Lets time pass; timers fire in their order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.then();
    }
    this.#now = end;
  }

  welcome(messages: readonly RoomMessage[] = [], last = messages.at(-1)?.seq ?? 0): void {
    const you = { id: "ada", name: "Ada" };
    this.socket.hear({ type: "welcome", room: "r", you, people: [you], count: 1, messages, last });
  }

  break(): void {
    this.socket.onclose?.();
  }

  /** What the page was told under one name. */
  told(name: string): unknown[][] {
    return this.said.filter(([told]) => told === name).map(([, ...values]) => values);
  }
}

export const message = (seq: number, more: Partial<RoomMessage> = {}): RoomMessage => ({
  seq,
  id: `m-${seq}`,
  author: "Bo",
  text: `text ${seq}`,
  at: 0,
  kind: "chat",
  state: "done",
  ...more,
});
