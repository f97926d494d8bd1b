import { askOnce } from "./ai-route.js";
import type { Env } from "./env.js";
import { listMessages } from "./message-routes.js";
import { joinRoom, renderPdf } from "./room-routes.js";
import { showSummary, startSummary } from "./summary-routes.js";

export interface Route {
  readonly method: "GET" | "POST";
  /** A part in braces stands for any one part of a path. */
  readonly path: string;
  /** @param parts What stands for the braces, in order. */
  readonly handle: (
    request: Request,
    env: Env,
    parts: readonly string[],
  ) => Response | Promise<Response>;
}

/** Everything the Worker answers; docs/chat-app.md explains each. Files of the page come first. */
export const routes: readonly Route[] = [
  { method: "POST", path: "/ai", handle: askOnce },
  { method: "GET", path: "/rooms/{room}/socket", handle: joinRoom },
  { method: "GET", path: "/rooms/{room}/messages", handle: listMessages },
  { method: "POST", path: "/rooms/{room}/summary", handle: startSummary },
  { method: "GET", path: "/rooms/{room}/summary/{id}", handle: showSummary },
  { method: "GET", path: "/rooms/{room}/conversation.pdf", handle: renderPdf },
];
