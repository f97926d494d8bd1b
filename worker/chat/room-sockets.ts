import { listPeople, type Seat } from "./people.js";
import type { PeopleFrame, ServerFrame } from "./protocol.js";

/** Milliseconds until those who are there hear who came and went, in one frame for all of them. */
const PEOPLE_DELAY = 100;

/**
 * Who is in a room, and what goes out to them. The platform keeps the sockets while the room
 * hibernates, and with each what is attached to it: its seat.
 */
export class RoomSockets {
  readonly #ctx: DurableObjectState;
  #peopleTold = true;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  get count(): number {
    return this.#ctx.getWebSockets().length;
  }

  /** Seats somebody, who has one name: the last they came with counts on their other sockets, too. */
  accept(socket: WebSocket, seat: Seat): void {
    const { person } = seat;
    for (const other of this.#ctx.getWebSockets(person.id))
      other.serializeAttachment({ ...seatOf(other), person } satisfies Seat);
    // The tag finds a person's other sockets, the attachment outlives hibernation.
    this.#ctx.acceptWebSocket(socket, [person.id]);
    socket.serializeAttachment(seat);
  }

  /** To be called when one closed: who has no other one has left. */
  left(socket: WebSocket): void {
    const { person } = seatOf(socket);
    if (this.#ctx.getWebSockets(person.id).every((other) => other === socket)) this.tellPeople();
  }

  people(): Pick<PeopleFrame, "people" | "count"> {
    return listPeople(this.#seats());
  }

  /** Tells everybody who is there, soon: many who come at once are told of once. */
  tellPeople(): void {
    if (!this.#peopleTold) return;
    this.#peopleTold = false;
    setTimeout(() => {
      this.#peopleTold = true;
      this.broadcast({ type: "people", ...this.people() });
    }, PEOPLE_DELAY);
  }

  broadcast(frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const socket of this.#ctx.getWebSockets()) sendText(socket, text);
  }

  *#seats(): Generator<Seat> {
    for (const socket of this.#ctx.getWebSockets())
      if (socket.readyState === WebSocket.OPEN) yield seatOf(socket);
  }
}

export const seatOf = (socket: WebSocket): Seat => socket.deserializeAttachment();

export const send = (socket: WebSocket, frame: ServerFrame): void =>
  sendText(socket, JSON.stringify(frame));

function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It closes just now; its page resumes with what it has.
  }
}
