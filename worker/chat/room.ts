import { DurableObject } from "cloudflare:workers";
import { MODEL } from "./ask-model.js";
import { answerId, renderQuestion } from "./conversation.js";
import type { Env } from "./env.js";
import { errorFrame } from "./error-frame.js";
import { FrameBudget } from "./frame-budget.js";
import { LiveAnswer } from "./live-answer.js";
import { type HistoryQuery, MessageStore, type NewMessage } from "./message-store.js";
import { parseClientFrame } from "./parse-client-frame.js";
import { parseJoin } from "./parse-join.js";
import type { Seat } from "./people.js";
import {
  type ClientFrame,
  type HistoryPage,
  limits,
  type Person,
  type RoomMessage,
} from "./protocol.js";
import { publicId } from "./public-id.js";
import { RoomSockets, seatOf, send } from "./room-sockets.js";

/** Messages that a question's context is chosen from. */
const RECENT = 100;

/** Milliseconds after which the room looks whether an answer was left behind. */
const WATCH = 150_000;

/**
 * One chat room: its messages in SQLite, its people on WebSockets that stay open while the room
 * hibernates. Whatever matters is in the storage or attached to a socket; what is in memory may be
 * gone with any message.
 */
export class Room extends DurableObject<Env> {
  readonly #store: MessageStore;
  readonly #sockets: RoomSockets;
  readonly #budget = new FrameBudget(limits);
  readonly #answers = new Map<string, LiveAnswer>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sockets = new RoomSockets(ctx);
    this.#store = new MessageStore(ctx.storage);
    const known = this.#store.privateIds();
    if (known.length > 0) ctx.blockConcurrencyWhile(() => this.#forget(known));
    // A stream lives in memory: what streamed before this object was made goes on no more.
    for (const message of this.#store.failUnfinished("The room was restarted while it streamed."))
      this.#sockets.broadcast({ type: "answered", message });
  }

  /** `GET /rooms/{room}/socket`, checked by the Worker. */
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const join = parseJoin(url.searchParams);
    if (typeof join === "string") return Response.json({ error: join }, { status: 400 });
    const person: Person = { id: await publicId(this.ctx.id, join.person), name: join.name };
    if (this.#sockets.count >= limits.sockets)
      return Response.json({ error: "The room is full. Try again later." }, { status: 503 });

    const { 0: client, 1: server } = new WebSocketPair();
    const room = url.pathname.split("/")[2] ?? "";
    const seat: Seat = { room, person, since: Date.now() };
    this.#sockets.accept(server, seat);
    // Nothing may be awaited from here to the end: a token in between would be lost or doubled.
    this.#welcome(server, seat, join.after);
    this.#sockets.tellPeople();
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    const frame = parseClientFrame(data);
    if (!this.#budget.take(socket, Date.now())) {
      const text = `More than ${limits.perSecond} frames a second. Send it again in a second.`;
      send(socket, errorFrame("rate-limited", text, frame.id));
      return;
    }
    try {
      if (frame.type === "error") send(socket, frame);
      else if (frame.type === "ask") this.#ask(socket, frame);
      else this.#say(socket, frame);
    } catch (error) {
      console.error("A frame failed", error);
      send(
        socket,
        errorFrame("failed", "The room could not take the message. Send it again.", frame.id),
      );
    }
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
    this.#sockets.left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.left(socket);
  }

  /** Wakes the room; should an answer have been left behind, the constructor has ended it. */
  override async alarm(): Promise<void> {
    if (this.#answers.size > 0) await this.#watch();
  }

  /** What was said, oldest first; for the summary and the PDF. */
  conversation({ count, last }: { readonly count: number; readonly last?: number }): RoomMessage[] {
    for (const answer of this.#answers.values()) answer.flush();
    return this.#store.latest(count).filter((message) => last === undefined || message.seq <= last);
  }

  /** What was said before a message. */
  history(query: HistoryQuery): HistoryPage {
    for (const answer of this.#answers.values()) answer.flush();
    return this.#store.page(query);
  }

  /** Adds a message that no person wrote. Adding it again changes nothing. */
  post(message: NewMessage): void {
    this.#add(message);
  }

  /** Remembers how far a job on this room has come. */
  noteProgress(job: string, step: string): void {
    this.#store.noteProgress(job, step);
  }

  progress(job: string): string | undefined {
    return this.#store.progress(job);
  }

  #say(socket: WebSocket, { id, text }: ClientFrame): void {
    const { person } = seatOf(socket);
    if (this.#isKnown(socket, id, person)) return;
    this.#add({ id, text, ...signed(person), kind: "chat" });
  }

  #ask(socket: WebSocket, { id, text }: ClientFrame): void {
    const { room, person } = seatOf(socket);
    if (this.#isKnown(socket, id, person)) return;
    if (this.#answers.size >= limits.answers) {
      send(socket, errorFrame("busy", "The room has enough to answer. Ask again in a moment.", id));
      return;
    }

    const prompt = renderQuestion(text, this.#store.latest(RECENT));
    // Both or none: a question that is kept has an answer, if only a failed one.
    const answer = this.ctx.storage.transactionSync(() => {
      this.#add({ id, text, ...signed(person), kind: "question" });
      return this.#add({
        ...{ id: answerId(id), text: "", author: "AI", at: Date.now() },
        ...{ kind: "answer", state: "streaming", model: MODEL },
      });
    });
    if (!answer) return;
    const live = new LiveAnswer(answer, this.#store, (frame) => this.#sockets.broadcast(frame));
    this.#answers.set(answer.id, live);
    this.ctx.waitUntil(
      Promise.all([this.#watch(), live.run(this.env, prompt, room)]).finally(() => {
        this.#answers.delete(answer.id);
        // Nothing to look after: let the room sleep.
        return this.#answers.size === 0 ? this.ctx.storage.deleteAlarm() : undefined;
      }),
    );
  }

  /** Whether a message of this id was taken before; then who sent it hears so. */
  #isKnown(socket: WebSocket, id: string, person: Person): boolean {
    const message = this.#store.find(id);
    if (!message) return false;
    if (message.person !== person.id) {
      send(socket, errorFrame("id-taken", "Somebody else has sent a message of this id.", id));
      return true;
    }
    send(socket, { type: "message", message });
    this.#answers.get(answerId(id))?.flush();
    const answer = this.#store.find(answerId(id));
    if (answer) send(socket, { type: "message", message: answer });
    return true;
  }

  #add(message: NewMessage): RoomMessage | undefined {
    const added = this.#store.add(message);
    if (added) this.#sockets.broadcast({ type: "message", message: added });
    return added;
  }

  #welcome(socket: WebSocket, { room, person }: Seat, after: number | undefined): void {
    for (const answer of this.#answers.values()) answer.flush();
    const last = this.#store.last();
    // A number that was never given: the page comes from another life of this room.
    const resumes = after !== undefined && after <= last;
    const messages = resumes ? this.#store.after(after) : this.#store.latest(limits.welcome);
    send(socket, {
      ...{ type: "welcome", room, you: person, ...this.#sockets.people() },
      ...{ messages: messages.slice(0, limits.resume), last },
    });
    for (const message of messages.slice(limits.resume)) send(socket, { type: "message", message });
  }

  /** Puts public ids where an earlier version kept private ones. */
  async #forget(privateIds: readonly string[]): Promise<void> {
    for (const id of privateIds) this.#store.rename(id, await publicId(this.ctx.id, id));
  }

  /** Has the room woken should it lose its memory while an answer streams. */
  #watch(): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + WATCH);
  }
}

const signed = ({ id, name }: Person) =>
  ({ person: id, author: name, at: Date.now(), state: "done" }) as const;
