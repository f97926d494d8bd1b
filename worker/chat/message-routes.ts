import type { Env } from "./env.js";
import type { HistoryQuery } from "./message-store.js";
import { isRoomName, limits } from "./protocol.js";
import { refuse } from "./refuse.js";
import { refuseRoom } from "./room-routes.js";

/** Messages at once when nobody says how many. */
const USUAL = 50;

/** `GET /rooms/{room}/messages`: what was said earlier, for who scrolls up. */
export async function listMessages(request: Request, env: Env, [room = ""]: readonly string[]) {
  if (!isRoomName(room)) return refuseRoom(room);
  const query = parseHistoryQuery(new URL(request.url).searchParams);
  if (typeof query === "string") return refuse(400, query);
  const page = await env.ROOM.getByName(room).history(query);
  return Response.json(page, { headers: { "cache-control": "no-store" } });
}

/** Reads `?before={seq}&limit={1..200}`; a string says what is wrong with it. */
export function parseHistoryQuery(query: {
  get(name: string): string | null;
}): HistoryQuery | string {
  const before = query.get("before");
  if (before !== null && !/^[1-9]\d{0,14}$/.test(before))
    return '"before" must be a whole number from 1: the "seq" of the oldest message you have.';
  const limit = query.get("limit") ?? `${USUAL}`;
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > limits.earlier)
    return `"limit" must be a whole number from 1 to ${limits.earlier}.`;
  return { limit: Number(limit), ...(before !== null && { before: Number(before) }) };
}
