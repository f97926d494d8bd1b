import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { renderRequestHeaders, renderResponseHeaders } from "./front-headers.js";
import type { FrontTarget } from "./front-route.js";

/**
 * Sends one request on to workerd and its response back, both as streams.
 *
 * @returns "unreachable" when workerd could not be reached: it has begun nothing then, and the
 * request may be tried again; "done" in every other case.
 */
export function forwardRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: FrontTarget,
): Promise<"done" | "unreachable"> {
  return new Promise((resolve) => {
    const body = hasBody(incoming);
    const upstream = request({
      host: "127.0.0.1",
      port: target.port,
      agent: target.agent,
      method: incoming.method,
      path: incoming.url,
      headers: renderRequestHeaders(incoming, { body }),
    });
    target.enter();
    let finished = false;
    const finish = (result: "done" | "unreachable") => {
      if (finished) return;
      finished = true;
      response.off("close", onClientClose);
      target.leave();
      resolve(result);
    };
    const onClientClose = () => {
      if (!response.writableFinished || !upstream.writableFinished) reset(upstream);
      finish("done");
    };
    response.on("close", onClientClose);

    upstream.on("socket", (socket) => {
      if (!body) return;
      // Not before there is a connection: a body that was read cannot be sent a second time.
      if (socket.connecting) socket.once("connect", () => incoming.pipe(upstream));
      else incoming.pipe(upstream);
    });
    if (!body) upstream.end();
    upstream.on("response", (reply) => {
      response.writeHead(
        reply.statusCode ?? 502,
        reply.statusMessage ?? "",
        renderResponseHeaders(reply),
      );
      // A stream's headers must not wait for its first byte.
      if (reply.headers["content-length"] === undefined) response.flushHeaders();
      reply.on("error", () => response.destroy());
      reply.pipe(response);
    });
    // No connection, or a kept one that had ended before the request reached it.
    const isUnsent = ({ code, syscall }: NodeJS.ErrnoException) =>
      syscall === "connect" || (code === "ECONNRESET" && upstream.reusedSocket && !body);
    upstream.on("error", (error) => {
      if (finished) return;
      if (!response.headersSent && isUnsent(error)) return finish("unreachable");
      if (response.headersSent) response.destroy();
      else {
        sendText(
          response,
          502,
          `The Worker's runtime closed the connection before it answered (${error.message}). The emulator's log says why when the runtime ended.`,
        );
      }
    });
  });
}

/** Answers with a sentence of the emulator's own. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text) + 1,
    "cache-control": "no-store",
  });
  response.end(`${text}\n`);
}

/**
 * workerd takes the ordinary end of a connection for a half-closed one and goes on; only a reset
 * tells it that the client has gone.
 */
function reset(upstream: ClientRequest): void {
  upstream.socket?.resetAndDestroy();
  upstream.destroy();
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0")
  );
}
