import type { Env } from "./env.js";
import { parseJoin } from "./parse-join.js";
import { isRoomName, limits } from "./protocol.js";
import { refuse } from "./refuse.js";

/** Messages in a PDF, at most: the latest. */
const PDF_MESSAGES = 2_000;

/** `GET /rooms/{room}/socket`: the room itself takes the socket. */
export async function joinRoom(request: Request, env: Env, [room = ""]: readonly string[]) {
  if (!isRoomName(room)) return refuseRoom(room);
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket")
    return refuse(426, "This address takes WebSockets only.");
  const join = parseJoin(new URL(request.url).searchParams);
  if (typeof join === "string") return refuse(400, join);
  return env.ROOM.getByName(room).fetch(request);
}

/** `GET /rooms/{room}/conversation.pdf`: made by the container, handed on as it comes. */
export async function renderPdf(request: Request, env: Env, [room = ""]: readonly string[]) {
  if (!isRoomName(room)) return refuseRoom(room);
  const messages = await env.ROOM.getByName(room).conversation({ count: PDF_MESSAGES });
  if (messages.length === 0) return refuse(404, "Nobody has said anything in this room yet.");
  try {
    // One container for all rooms: it keeps nothing, and a second one would start cold.
    const response = await env.PDF.getByName("pdf").fetch("http://pdf/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ room, messages }),
      signal: request.signal,
    });
    if (response.ok) {
      return new Response(response.body, {
        headers: {
          "content-type": "application/pdf",
          "content-disposition": `inline; filename="${room}.pdf"`,
          "cache-control": "no-store",
        },
      });
    }
    console.error(`The PDF service answered ${response.status}: ${await response.text()}`);
  } catch (error) {
    console.error("The PDF service was not reached", error);
  }
  return refuse(503, "The PDF cannot be made right now. Try again in a minute.", {
    "retry-after": "10",
  });
}

export const refuseRoom = (room: string): Response =>
  refuse(
    400,
    `"${room}" is no name of a room: it has 1 to ${limits.roomLength} small letters, digits or hyphens.`,
  );
