import { randomUUID } from "node:crypto";
import { once } from "node:events";
import WebSocket from "ws";
import type { RoomMessage, ServerFrame } from "../../../worker/chat/protocol.js";
import { appendToken, resumeAfter } from "../../../worker/chat/protocol.js";

type FrameOf<Type extends ServerFrame["type"]> = Extract<ServerFrame, { readonly type: Type }>;

export interface JoinOptions {
  readonly name: string;
  readonly person?: string;
  readonly after?: number;
}

/** A page of the chat, without the page: what it got, and what it would show. */
export class RoomClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  /** Every frame, in the order they came. */
  readonly frames: ServerFrame[] = [];
  /** What a page shows: by id, tokens added. */
  readonly shown: Map<string, RoomMessage>;
  /** A token came before what must be before it. */
  gap = false;

  /** The private id this page joined with; the room never says it. */
  readonly person: string;

  private constructor(socket: WebSocket, person: string, shown: Map<string, RoomMessage>) {
    this.#socket = socket;
    this.person = person;
    this.shown = shown;
    socket.on("message", (data) => {
      const text = String(data);
      if (text !== "pong") this.#take(JSON.parse(text) as ServerFrame);
      else this.pongs++;
      for (const wake of this.#waiting) wake();
    });
    socket.on("close", () => {
      for (const wake of this.#waiting) wake();
    });
  }

  pongs = 0;

  static async join(
    url: URL,
    room: string,
    { name, person = randomUUID(), after }: JoinOptions,
    shown = new Map<string, RoomMessage>(),
  ): Promise<RoomClient> {
    const at = new URL(`/rooms/${room}/socket`, url);
    at.protocol = "ws:";
    at.searchParams.set("name", name);
    at.searchParams.set("person", person);
    if (after !== undefined) at.searchParams.set("after", `${after}`);
    const socket = new WebSocket(at);
    const client = new RoomClient(socket, person, shown);
    await once(socket, "open");
    await client.next("welcome");
    return client;
  }

  /** Joins again with what this one has. */
  resume(url: URL, room: string, name: string): Promise<RoomClient> {
    const after = resumeAfter(this.shown.values());
    return RoomClient.join(url, room, { name, person: this.person, after }, this.shown);
  }

  get welcome(): FrameOf<"welcome"> {
    return this.of("welcome")[0] as FrameOf<"welcome">;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The messages a page shows, in order. */
  get messages(): RoomMessage[] {
    return [...this.shown.values()].sort((a, b) => a.seq - b.seq);
  }

  of<Type extends ServerFrame["type"]>(type: Type): FrameOf<Type>[] {
    return this.frames.filter((frame): frame is FrameOf<Type> => frame.type === type);
  }

  send(frame: unknown): void {
    this.#socket.send(
      typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
    );
  }

  /** Sends a message and waits for its receipt. */
  async say(id: string, text: string): Promise<RoomMessage> {
    this.send({ type: "say", id, text });
    return this.message(id);
  }

  async message(id: string): Promise<RoomMessage> {
    await this.until(() => this.shown.has(id));
    return this.shown.get(id) as RoomMessage;
  }

  async answered(id: string): Promise<RoomMessage> {
    const find = () => this.of("answered").find(({ message }) => message.id === id);
    await this.until(() => find() !== undefined);
    return find()?.message as RoomMessage;
  }

  /** The first frame of a type, or the first that fits. */
  async next<Type extends ServerFrame["type"]>(
    type: Type,
    fits: (frame: FrameOf<Type>) => boolean = () => true,
  ): Promise<FrameOf<Type>> {
    await this.until(() => this.of(type).some(fits));
    return this.of(type).find(fits) as FrameOf<Type>;
  }

  /** Waits for a condition on what came. Jest's time limit ends it when it never holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#socket.readyState >= WebSocket.CLOSING) throw new Error("The socket was closed.");
      await new Promise<void>((wake) => {
        const once = () => {
          this.#waiting.delete(once);
          wake();
        };
        this.#waiting.add(once);
      });
    }
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  /** Goes without a word, as a phone in a tunnel does. */
  vanish(): void {
    this.#socket.terminate();
  }

  #take(frame: ServerFrame): void {
    this.frames.push(frame);
    if (frame.type === "welcome")
      for (const message of frame.messages) this.shown.set(message.id, message);
    if (frame.type === "message" || frame.type === "answered")
      this.shown.set(frame.message.id, frame.message);
    if (frame.type !== "token") return;
    const message = this.shown.get(frame.id);
    const text = appendToken(message?.text ?? "", frame);
    if (!message || text === undefined) this.gap = true;
    else this.shown.set(frame.id, { ...message, text });
  }
}
