import { type IncomingMessage, request, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { sendText } from "./forward-request.js";
import { FrameReader, renderCloseFrame } from "./frame-reader.js";
import { renderRequestHeaders, renderResponseHeaders } from "./front-headers.js";
import type { FrontTarget } from "./front-route.js";

/** What a WebSocket is closed with when its version of the Worker makes room for the next. */
const SERVICE_RESTART = 1012;

/** Time a client has to answer a close. Unit: milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/** Ends a WebSocket with a code and a reason, at the next end of a frame. */
export type CloseWebSocket = (code: number, reason: string) => void;

/**
 * Joins a client's WebSocket to workerd's, byte for byte, or hands back workerd's refusal.
 * @param onOpen called when they are joined
 */
export function forwardUpgrade(
  incoming: IncomingMessage,
  client: Duplex,
  head: Buffer,
  target: FrontTarget,
  onOpen: (close: CloseWebSocket) => void,
): void {
  const upstream = request({
    host: "127.0.0.1",
    port: target.port,
    agent: false,
    method: incoming.method,
    path: incoming.url,
    headers: renderRequestHeaders(incoming, {
      body: false,
      upgrade: incoming.headers.upgrade ?? "",
    }),
  });
  target.enter();
  let left = false;
  let forget = () => {};
  const leave = () => {
    if (left) return;
    left = true;
    forget();
    target.leave();
    upstream.socket?.resetAndDestroy();
    upstream.destroy();
  };
  client.once("close", leave);
  upstream.on("upgrade", (reply, server: Socket, serverHead) => {
    const headers = renderResponseHeaders(reply);
    const lines = [`HTTP/1.1 101 ${reply.statusMessage ?? ""}`, "Connection: Upgrade"];
    lines.push(`Upgrade: ${reply.headers.upgrade ?? "websocket"}`);
    for (let index = 0; index + 1 < headers.length; index += 2) {
      lines.push(`${headers[index]}: ${headers[index + 1]}`);
    }
    client.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    if (head.length > 0) server.write(head);
    server.setNoDelay(true);
    server.once("error", () => client.destroy());
    server.once("close", () => {
      // What the client has not read yet is still its own.
      client.end(() => setTimeout(() => client.destroy(), CLOSE_TIMEOUT_MS).unref());
    });
    const close = joinFrames(server, client, serverHead, leave);
    client.pipe(server);
    forget = target.onRestart(() => close(SERVICE_RESTART, "service restart"));
    onOpen(close);
  });
  upstream.on("response", (reply) => {
    const response = respondOn(incoming, client);
    response.writeHead(
      reply.statusCode ?? 502,
      reply.statusMessage ?? "",
      renderResponseHeaders(reply),
    );
    reply.on("error", () => client.destroy());
    reply.pipe(response);
  });
  upstream.on("error", (error) => {
    if (left || client.destroyed) return;
    sendText(
      respondOn(incoming, client),
      502,
      `The Worker's runtime did not take the connection (${error.message}).`,
    );
  });
  upstream.end();
}

/**
 * Passes on what the server sends, with its pauses.
 *
 * @param onClosed called when the client was told that the WebSocket ends
 */
function joinFrames(
  server: Socket,
  client: Duplex,
  head: Buffer,
  onClosed: () => void,
): CloseWebSocket {
  const frames = new FrameReader();
  let closing: Buffer | undefined;
  const end = (frame: Buffer) => {
    server.off("data", pass);
    client.unpipe(server);
    // Read on, or the client's own end is never seen.
    client.resume();
    if (!frames.sawClose) client.write(frame);
    client.end();
    setTimeout(() => client.destroy(), CLOSE_TIMEOUT_MS).unref();
    server.removeAllListeners("close");
    onClosed();
  };
  const pass = (chunk: Buffer) => {
    const length = frames.read(chunk, closing !== undefined);
    if (!client.write(chunk.subarray(0, length))) server.pause();
    if (closing && frames.isBetweenFrames) end(closing);
  };
  if (head.length > 0) pass(head);
  client.on("drain", () => server.resume());
  server.on("data", pass);
  server.once("end", () => client.end());
  return (code, reason) => {
    if (closing || client.destroyed) return;
    closing = renderCloseFrame(code, reason);
    if (frames.isBetweenFrames) end(closing);
  };
}

/** An ordinary response on a connection that asked for an upgrade; the last one on it. */
export function respondOn(incoming: IncomingMessage, client: Duplex): ServerResponse {
  const response = new ServerResponse(incoming);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.once("finish", () => {
    response.detachSocket(client as Socket);
    client.end();
  });
  return response;
}
