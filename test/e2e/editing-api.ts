import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

type Json = Record<string, unknown>;

/** A request with a body, on its way to the API. */
export interface SentBody {
  readonly method: "POST" | "PUT";
  readonly body: Json;
  /** What the API has at the path now. */
  readonly current: () => Promise<Json>;
}

export interface ApiEdits {
  /** What the API gets instead. @default what was sent */
  readonly sent?: (request: SentBody) => Json | Promise<Json>;
  /** What it answers with, where that is one object. @default what the API answers */
  readonly answered?: (result: Json) => Json;
}

/** An API in front of the emulator's that takes or tells something else. */
export async function startEditingApi(
  apiUrl: string,
  { sent = ({ body }) => body, answered = (result) => result }: ApiEdits,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const target = `${apiUrl}${request.url}`;
    const headers = { authorization: request.headers.authorization ?? "" };
    const body = await editedBody(request, async () => {
      const { result } = (await (await fetch(target, { headers })).json()) as { result: Json };
      return result;
    });
    const answer = await fetch(target, {
      method: request.method ?? "GET",
      headers: { ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const envelope = (await answer.json()) as { result?: unknown };
    const { result } = envelope;
    const isObject = typeof result === "object" && result !== null && !Array.isArray(result);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(
      JSON.stringify(isObject ? { ...envelope, result: answered(result as Json) } : envelope),
    );
  });
  async function editedBody(
    request: IncomingMessage,
    current: () => Promise<Json>,
  ): Promise<Json | undefined> {
    const { method } = request;
    if (method !== "POST" && method !== "PUT") return undefined;
    return sent({ method, body: (await json(request)) as Json, current });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
