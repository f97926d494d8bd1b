import type { Env } from "./env.js";
import { route } from "./router.js";

export { Room } from "./room.js";
export { SummarizeRoom } from "./summarize-room.js";

/** The chat app's Worker. Files of the page are served before this runs. */
export default {
  fetch: (request, env) => route(request, env),
} satisfies ExportedHandler<Env>;
