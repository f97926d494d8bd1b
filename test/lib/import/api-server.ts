import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What an API answers: a status with a body, which is JSON where it is no text. */
export type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>];

export interface ApiServer {
  readonly url: string;
  /** Paths that were asked for, with their queries. */
  readonly asked: readonly string[];
  /** Values of the header `authorization`. */
  readonly tokens: readonly (string | undefined)[];
  close(): Promise<void>;
}

/** An API of one's own, at loopback. */
export async function startApi(answer: (path: string, call: number) => Answer): Promise<ApiServer> {
  const asked: string[] = [];
  const tokens: (string | undefined)[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    asked.push(request.url ?? "");
    tokens.push(request.headers.authorization);
    const [status, body, headers = {}] = answer(request.url ?? "", asked.length);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    asked,
    tokens,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** An answer that says what was wrong. */
export const refusal = (status: number, code: number, message: string): Answer => [
  status,
  { success: false, errors: [{ code, message }], result: null },
];
