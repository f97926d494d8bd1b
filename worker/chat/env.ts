import type { WorkerEnv } from "../worker-env.js";
import type { BINDINGS } from "./bindings.js";
import type { Room } from "./room.js";
import type { SummaryParams } from "./summarize-room.js";

export type Env = WorkerEnv<typeof BINDINGS, { ROOM: Room; SUMMARIES: SummaryParams }>;
