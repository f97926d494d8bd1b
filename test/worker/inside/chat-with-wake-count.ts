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

  attachments(): unknown[] {
    return this.ctx.getWebSockets().map((socket) => socket.deserializeAttachment());
  }
}

/** The chat's Worker; `GET /wakes/{room}` looks into a room from outside. */
export default {
  async fetch(request, env) {
    const [, first, room = ""] = new URL(request.url).pathname.split("/");
    if (first !== "wakes") return worker.fetch(request, env);
    const stub = env.ROOM.getByName(room) as DurableObjectStub<Room>;
    return Response.json({ wakes: await stub.wakes(), attachments: await stub.attachments() });
  },
} satisfies ExportedHandler<Env>;
