import { workerBindings } from "../../protocol/worker-bindings.js";

/** What the chat Worker finds in `env`; the stack binds by this, the Worker's `Env` comes from it. */
export const BINDINGS = workerBindings({
  GATEWAY: { type: "ai_gateway" },
  ROOM: { type: "durable_object_namespace", className: "Room" },
  SUMMARIES: { type: "workflow", className: "SummarizeRoom" },
  PDF: { type: "container" },
});
