import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** An API in front of the emulator's that keeps the named settings where a PUT leaves them out. */
export async function startKeepingApi(
  apiUrl: string,
  settings: readonly string[],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const target = `${apiUrl}${request.url}`;
    const headers = { authorization: request.headers.authorization ?? "" };
    const hasBody = request.method === "POST" || request.method === "PUT";
    let body = hasBody ? ((await json(request)) as Record<string, unknown>) : undefined;
    if (request.method === "PUT") {
      const { result } = (await (await fetch(target, { headers })).json()) as {
        result: Record<string, unknown>;
      };
      body = { ...Object.fromEntries(settings.map((key) => [key, result[key]])), ...body };
    }
    const answer = await fetch(target, {
      method: request.method ?? "GET",
      headers: { ...headers, ...(hasBody && { "content-type": "application/json" }) },
      ...(hasBody && { body: JSON.stringify(body) }),
    });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(await answer.text());
  });
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
