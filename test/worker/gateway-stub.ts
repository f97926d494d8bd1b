import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it was on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type Answer = (request: WireRequest, response: ServerResponse) => void | Promise<void>;

export interface GatewayStub {
  readonly address: string;
  /** Every request since the last `reset`. */
  readonly requests: WireRequest[];
  /** Resolves when the other side leaves before the end of an answer. */
  readonly cut: Promise<void>;
  /** Sets how requests are answered from now on and forgets those before. */
  answer(answer: Answer): void;
  close(): Promise<void>;
}

/** Says what the other side of the genuine binding hears, and answers what a test wants. */
export async function startGatewayStub(): Promise<GatewayStub> {
  let answer: Answer = (_, response) => void response.end();
  let reportCut = () => {};
  let cutSeen = Promise.resolve();
  const requests: WireRequest[] = [];
  const server = createServer(async (incoming, response) => {
    response.once("close", () => {
      if (!response.writableFinished) reportCut();
    });
    const request = await read(incoming);
    requests.push(request);
    await answer(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get cut() {
      return cutSeen;
    },
    answer(next) {
      answer = next;
      requests.length = 0;
      cutSeen = new Promise((resolve) => {
        reportCut = resolve;
      });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function read(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.headers as Record<string, string | undefined>,
    body: Buffer.concat(chunks).toString(),
  };
}

/** Answers every request with a status and a body; objects go as JSON. */
export function reply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (_, response) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  };
}
