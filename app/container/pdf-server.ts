import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { parseConversation } from "./conversation.js";
import { type Fonts, renderConversation } from "./render-conversation.js";

/** Bytes of a request's body, at most. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** `POST /` makes a PDF of a conversation; `GET /health` says that it could. */
export function createPdfServer(fonts: Fonts): Server {
  return createServer((request, response) => {
    answer(request, response, fonts).catch((error: Error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "The PDF could not be made.");
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  fonts: Fonts,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://pdf");
  const method = { "/": "POST", "/health": "GET" }[pathname];
  if (method === undefined) return refuse(response, 404, "Not found. Send a POST to /.");
  if (request.method !== method) {
    response.setHeader("allow", method);
    return refuse(response, 405, `${pathname} takes ${method}.`);
  }
  if (pathname === "/health") return void response.end("ok");

  const body = await read(request);
  if (body === undefined) {
    // Who still sends is not listened to any more.
    response.setHeader("connection", "close");
    return refuse(response, 413, `The body has more than ${BODY_LIMIT} bytes.`);
  }
  const conversation = parseConversation(body);
  if (typeof conversation === "string") return refuse(response, 400, conversation);
  const pdf = renderConversation(conversation, fonts);
  response.writeHead(200, { "content-type": "application/pdf" });
  await pipeline(pdf, response);
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error }));
}
