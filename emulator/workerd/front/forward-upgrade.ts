import { type IncomingMessage, request, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { sendText } from "./forward-request.js";
import { renderRequestHeaders, renderResponseHeaders } from "./front-headers.js";
import type { FrontTarget } from "./front-route.js";

/** Joins a client's WebSocket to workerd's, byte for byte, or hands back workerd's refusal. */
export function forwardUpgrade(
  incoming: IncomingMessage,
  client: Duplex,
  head: Buffer,
  target: FrontTarget,
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
  client.once("close", () => {
    if (left) return;
    left = true;
    target.leave();
    upstream.socket?.resetAndDestroy();
    upstream.destroy();
  });
  upstream.on("upgrade", (reply, server: Socket, serverHead) => {
    const headers = renderResponseHeaders(reply);
    const lines = [`HTTP/1.1 101 ${reply.statusMessage ?? ""}`, "Connection: Upgrade"];
    lines.push(`Upgrade: ${reply.headers.upgrade ?? "websocket"}`);
    for (let index = 0; index + 1 < headers.length; index += 2) {
      lines.push(`${headers[index]}: ${headers[index + 1]}`);
    }
    client.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    if (serverHead.length > 0) client.write(serverHead);
    if (head.length > 0) server.write(head);
    server.setNoDelay(true);
    server.once("error", () => client.destroy());
    server.once("close", () => client.destroy());
    server.pipe(client);
    client.pipe(server);
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
