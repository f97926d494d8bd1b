import { once } from "node:events";
import WebSocket from "ws";
import type { ClientFrame, RoomMessage, ServerFrame } from "../../worker/chat/protocol.js";

type FrameOf<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

/** Somebody in a room of the chat app, without a page. */
export class ChatPerson {
  readonly frames: ServerFrame[] = [];
  readonly socket: WebSocket;
  readonly #heard = new EventTarget();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("message", (data) => {
      const text = String(data);
      if (text === "pong") return;
      this.frames.push(JSON.parse(text) as ServerFrame);
      this.#heard.dispatchEvent(new Event("frame"));
    });
    socket.on("close", () => this.#heard.dispatchEvent(new Event("frame")));
  }

  /** Joins a room, and resolves when the room has welcomed. */
  static async join(
    url: string,
    room: string,
    name: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<ChatPerson> {
    const address = new URL(`/rooms/${room}/socket`, url);
    address.protocol = "ws:";
    address.search = String(new URLSearchParams({ name, ...query }));
    const socket = new WebSocket(address);
    const person = new ChatPerson(socket);
    await once(socket, "open");
    await person.hears("welcome");
    return person;
  }

  send(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The first frame of a type that fits, whether it came before or comes yet. */
  async hears<Type extends ServerFrame["type"]>(
    type: Type,
    fits: (frame: FrameOf<Type>) => boolean = () => true,
    within = 10_000,
  ): Promise<FrameOf<Type>> {
    const limit = AbortSignal.timeout(within);
    for (;;) {
      const found = this.frames.find(
        (frame): frame is FrameOf<Type> => frame.type === type && fits(frame as FrameOf<Type>),
      );
      if (found) return found;
      if (limit.aborted || this.socket.readyState > WebSocket.OPEN)
        throw new Error(`No such "${type}"; heard: ${JSON.stringify(this.frames).slice(-2_000)}`);
      await once(this.#heard, "frame", { signal: limit }).catch(() => {});
    }
  }

  /** Every message as it is known now. */
  get messages(): ReadonlyMap<string, RoomMessage> {
    const messages = new Map<string, RoomMessage>();
    for (const frame of this.frames) {
      if (frame.type === "welcome")
        for (const message of frame.messages) messages.set(message.id, message);
      if (frame.type === "message" || frame.type === "answered")
        messages.set(frame.message.id, frame.message);
    }
    return messages;
  }

  leave(): void {
    this.socket.terminate();
  }
}
