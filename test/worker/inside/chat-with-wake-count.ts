import type { Env } from "../../../worker/chat/env.js";
import { Room as ChatRoom } from "../../../worker/chat/room.js";
import worker from "../../../worker/chat/worker.js";

export { SummarizeRoom } from "../../../worker/chat/summarize-room.js";

/** The chat's room, which also tells how often it was made. */
export class Room extends ChatRoom {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.kv.put("wakes", this.wakes() + 1);
  }

  wakes(): number {
    return this.ctx.storage.kv.get<number>("wakes") ?? 0;
  }

  /** Keeps private ids with messages, by author, as the first version of the app did. */
  keepPrivateIds(ids: Readonly<Record<string, string>>): void {
    const { sql } = this.ctx.storage;
    sql.exec("DROP INDEX private");
    for (const [author, id] of Object.entries(ids))
      sql.exec("UPDATE messages SET person = ? WHERE author = ?", id, author);
  }

  /** Everything the room stores about its messages, as text. */
  stored(): string {
    return JSON.stringify(this.ctx.storage.sql.exec("SELECT * FROM messages").toArray());
  }

  attachments(): unknown[] {
    return this.ctx.getWebSockets().map((socket) => socket.deserializeAttachment());
  }
}

/**
 * The chat's Worker; `GET /wakes/{room}` looks into a room from outside, `PUT` makes its messages
 * those of the first version.
 */
export default {
  async fetch(request, env) {
    const [, first, room = ""] = new URL(request.url).pathname.split("/");
    if (first !== "wakes") return worker.fetch(request, env);
    const stub = env.ROOM.getByName(room) as DurableObjectStub<Room>;
    if (request.method === "PUT") await stub.keepPrivateIds(await request.json());
    return Response.json({
      wakes: await stub.wakes(),
      attachments: await stub.attachments(),
      stored: await stub.stored(),
    });
  },
} satisfies ExportedHandler<Env>;
