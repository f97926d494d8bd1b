import type { IncomingMessage } from "node:http";
import { hopByHopHeaders } from "../../hop-by-hop-headers.js";

const connectionHeaders = new Set<string>([...hopByHopHeaders, "expect"]);

/** A request's headers as workerd gets them: names, case, order and duplicates kept. */
export function renderRequestHeaders(
  { rawHeaders, headers, httpVersion, socket }: IncomingMessage,
  options: { readonly upgrade?: string; readonly body: boolean },
): string[] {
  const listed = listedInConnection(headers.connection);
  const rendered: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const lower = name.toLowerCase();
    if (connectionHeaders.has(lower) || listed?.has(lower)) continue;
    // `MF-*` steers miniflare; Cloudflare sets the address itself.
    if (lower.startsWith("mf-") || lower === "cf-connecting-ip") continue;
    if (!options.body && (lower === "transfer-encoding" || lower === "content-length")) continue;
    rendered.push(name, rawHeaders[index + 1] as string);
  }
  if (headers.host === undefined) rendered.push("Host", "localhost");
  rendered.push(
    "CF-Connecting-IP",
    (socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, ""),
    // Becomes `request.cf`; holds what is true of a request on this machine and nothing else.
    "MF-CF-Blob",
    JSON.stringify({
      httpProtocol: `HTTP/${httpVersion}`,
      clientAcceptEncoding: headers["accept-encoding"] ?? "",
    }),
  );
  if (options.upgrade !== undefined) {
    rendered.push("Connection", "Upgrade", "Upgrade", options.upgrade);
  }
  return rendered;
}

/** A response's headers as the client gets them. */
export function renderResponseHeaders({ rawHeaders, headers }: IncomingMessage): string[] {
  const listed = listedInConnection(headers.connection);
  const rendered: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const lower = name.toLowerCase();
    if (lower === "transfer-encoding" || connectionHeaders.has(lower)) continue;
    if (listed?.has(lower)) continue;
    rendered.push(name, rawHeaders[index + 1] as string);
  }
  return rendered;
}

function listedInConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || !/[^\s,]/.test(connection)) return undefined;
  const lower = connection.toLowerCase();
  if (lower === "keep-alive" || lower === "close") return undefined;
  return new Set(lower.split(",").map((name) => name.trim()));
}
