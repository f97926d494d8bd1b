import { isSaid } from "./conversation.js";
import type { Env } from "./env.js";
import { isRoomName } from "./protocol.js";
import { refuse } from "./refuse.js";
import { refuseRoom } from "./room-routes.js";
import { type SummaryParams, summaryId, summaryMessageId } from "./summarize-room.js";

/** Messages that are looked at for the last one that was said. */
const RECENT = 200;

/** `POST /rooms/{room}/summary` starts a summary; for the same messages it is the same one. */
export async function startSummary(request: Request, env: Env, [room = ""]: readonly string[]) {
  if (!isRoomName(room)) return refuseRoom(room);
  if ((await request.text()).trim() !== "")
    return refuse(400, "A summary takes no body; send none.");
  const messages = await env.ROOM.getByName(room).conversation({ count: RECENT });
  // Not the room's last message, which a summary itself would be.
  const last = messages.findLast(isSaid)?.seq;
  if (last === undefined)
    return refuse(
      409,
      "There is nothing to summarise in this room yet. Say something in it first.",
    );

  const id = await startOnce(env.SUMMARIES, { room, last });
  return Response.json(
    { id },
    { status: 202, headers: { location: `/rooms/${room}/summary/${id}` } },
  );
}

/** `GET /rooms/{room}/summary/{id}`: how far a summary is. */
export async function showSummary(
  _: Request,
  env: Env,
  [room = "", id = ""]: readonly string[],
): Promise<Response> {
  if (!isRoomName(room)) return refuseRoom(room);
  const instance = id.endsWith(`-${room}`) ? await find(env.SUMMARIES, id) : undefined;
  if (!instance) return refuse(404, "There is no such summary of this room.");
  const [{ status, error }, step] = await Promise.all([
    instance.status(),
    env.ROOM.getByName(room).progress(id),
  ]);
  return Response.json({
    id,
    status,
    // The step it is at, or the one it failed in.
    ...(step !== undefined && status !== "complete" && { step }),
    ...(status === "complete" && { message: summaryMessageId(id) }),
    ...(error && { error: error.message }),
  });
}

/** Starts an instance unless there is one; one that failed starts over. */
async function startOnce(
  summaries: Workflow<SummaryParams>,
  params: SummaryParams,
): Promise<string> {
  const id = summaryId(params);
  const known = await find(summaries, id);
  if (known) {
    const { status } = await known.status();
    if (status === "errored" || status === "terminated") await known.restart();
    return id;
  }
  try {
    await summaries.create({ id, params });
  } catch (error) {
    // Somebody else was faster.
    if (!(await find(summaries, id))) throw error;
  }
  return id;
}

async function find(
  summaries: Workflow<SummaryParams>,
  id: string,
): Promise<WorkflowInstance | undefined> {
  try {
    return await summaries.get(id);
  } catch (error) {
    if (/not.?found/i.test(`${error}`)) return undefined;
    throw error;
  }
}
