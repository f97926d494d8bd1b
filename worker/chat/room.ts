import { DurableObject } from "cloudflare:workers";
import { MODEL } from "./ask-model.js";
import { answerId, renderQuestion } from "./conversation.js";
import type { Env } from "./env.js";
import { FrameBudget } from "./frame-budget.js";
import { LiveAnswer } from "./live-answer.js";
import { type HistoryQuery, MessageStore, type NewMessage } from "./message-store.js";
import { parseClientFrame } from "./parse-client-frame.js";
import { parseJoin } from "./parse-join.js";
import { listPeople, type Seat } from "./people.js";
import {
  type ClientFrame,
  type ErrorCode,
  type HistoryPage,
  limits,
  type Person,
  type RoomMessage,
  type ServerFrame,
} from "./protocol.js";
import { publicId } from "./public-id.js";

/** Messages that a question's context is chosen from. */
const RECENT = 100;

/** Milliseconds until those who are there hear who came and went, in one frame for all of them. */
const PEOPLE_DELAY = 100;

/** Milliseconds after which the room looks whether an answer was left behind. */
const WATCH = 150_000;

/**
 * One chat room: its messages in SQLite, its people on WebSockets that stay open while the room
 * hibernates. Whatever matters is in the storage or attached to a socket; what is in memory may be
 * gone with any message.
 */
export class Room extends DurableObject<Env> {
  readonly #store: MessageStore;
  readonly #budget = new FrameBudget(limits);
  readonly #answers = new Map<string, LiveAnswer>();
  #peopleTold = true;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#store = new MessageStore(ctx.storage);
    const known = this.#store.privateIds();
    if (known.length > 0) ctx.blockConcurrencyWhile(() => this.#forget(known));
    // A stream lives in memory: what streamed before this object was made goes on no more.
    for (const message of this.#store.failUnfinished("The room was restarted while it streamed."))
      this.#broadcast({ type: "answered", message });
  }

  /** `GET /rooms/{room}/socket`, checked by the Worker. */
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const join = parseJoin(url.searchParams);
    if (typeof join === "string") return Response.json({ error: join }, { status: 400 });
    const person: Person = { id: await publicId(this.ctx.id, join.person), name: join.name };
    if (this.ctx.getWebSockets().length >= limits.sockets)
      return Response.json({ error: "The room is full. Try again later." }, { status: 503 });

    const { 0: client, 1: server } = new WebSocketPair();
    const room = url.pathname.split("/")[2] ?? "";
    this.#rename(person);
    // The tag finds a person's other sockets, the attachment outlives hibernation.
    this.ctx.acceptWebSocket(server, [person.id]);
    const seat: Seat = { room, person, since: Date.now() };
    server.serializeAttachment(seat);
    // Nothing may be awaited from here to the end: a token in between would be lost or doubled.
    this.#welcome(server, seat, join.after);
    this.#tellPeople();
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    const frame = parseClientFrame(data);
    if (!this.#budget.take(socket, Date.now())) {
      const text = `More than ${limits.perSecond} frames a second. Send it again in a second.`;
      refuse(socket, "rate-limited", text, frame.id);
      return;
    }
    try {
      if (frame.type === "error") send(socket, frame);
      else if (frame.type === "ask") this.#ask(socket, frame);
      else this.#say(socket, frame);
    } catch (error) {
      console.error("A frame failed", error);
      refuse(socket, "failed", "The room could not take the message. Send it again.", frame.id);
    }
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
    this.#left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#left(socket);
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
      refuse(socket, "busy", "The room has enough to answer. Ask again in a moment.", id);
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
    const live = new LiveAnswer(answer, this.#store, (frame) => this.#broadcast(frame));
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
      refuse(socket, "id-taken", "Somebody else has sent a message of this id.", id);
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
    if (added) this.#broadcast({ type: "message", message: added });
    return added;
  }

  #welcome(socket: WebSocket, { room, person }: Seat, after: number | undefined): void {
    for (const answer of this.#answers.values()) answer.flush();
    const last = this.#store.last();
    // A number that was never given: the page comes from another life of this room.
    const resumes = after !== undefined && after <= last;
    const messages = resumes ? this.#store.after(after) : this.#store.latest(limits.welcome);
    send(socket, {
      ...{ type: "welcome", room, you: person, ...listPeople(this.#seats()) },
      ...{ messages: messages.slice(0, limits.resume), last },
    });
    for (const message of messages.slice(limits.resume)) send(socket, { type: "message", message });
  }

  /** Somebody has one name: the last they came with counts on their other sockets, too. */
  #rename(person: Person): void {
    for (const socket of this.ctx.getWebSockets(person.id)) {
      const seat: Seat = { ...seatOf(socket), person };
      socket.serializeAttachment(seat);
    }
  }

  /** Puts public ids where an earlier version kept private ones. */
  async #forget(privateIds: readonly string[]): Promise<void> {
    for (const id of privateIds) this.#store.rename(id, await publicId(this.ctx.id, id));
  }

  #left(socket: WebSocket): void {
    const { person } = seatOf(socket);
    if (this.ctx.getWebSockets(person.id).every((other) => other === socket)) this.#tellPeople();
  }

  /** Tells everybody who is there, soon: many who come at once are told of once. */
  #tellPeople(): void {
    if (!this.#peopleTold) return;
    this.#peopleTold = false;
    setTimeout(() => {
      this.#peopleTold = true;
      this.#broadcast({ type: "people", ...listPeople(this.#seats()) });
    }, PEOPLE_DELAY);
  }

  *#seats(): Generator<Seat> {
    for (const socket of this.ctx.getWebSockets())
      if (socket.readyState === WebSocket.OPEN) yield seatOf(socket);
  }

  #broadcast(frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const socket of this.ctx.getWebSockets()) sendText(socket, text);
  }

  /** Has the room woken should it lose its memory while an answer streams. */
  #watch(): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + WATCH);
  }
}

const signed = ({ id, name }: Person) =>
  ({ person: id, author: name, at: Date.now(), state: "done" }) as const;

const seatOf = (socket: WebSocket): Seat => socket.deserializeAttachment();

const send = (socket: WebSocket, frame: ServerFrame): void =>
  sendText(socket, JSON.stringify(frame));

function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It closes just now; its page resumes with what it has.
  }
}

const refuse = (socket: WebSocket, code: ErrorCode, message: string, id?: string): void =>
  send(socket, { type: "error", code, message, ...(id !== undefined && { id }) });
