import { hopByHopHeaders } from "../hop-by-hop-headers.js";
import type { RequestHeaders } from "./upstream.js";

const hopByHop = new Set<string>([...hopByHopHeaders, "transfer-encoding"]);

/** Written anew for every request that goes out. */
const ownRequestHeaders = new Set(["host", "content-length", "accept-encoding", "expect"]);

/**
 * The headers a provider gets to see, flat. `cf-*` headers speak to the gateway and stay here.
 *
 * The provider is asked for plain bytes: they pass untouched, whatever the caller can decode, and
 * the tokens in them can be counted.
 */
export function renderUpstreamHeaders(headers: RequestHeaders, host: string, length: number) {
  const list = ["host", host, "accept-encoding", "identity"];
  const connection = headers.connection;
  for (const name in headers) {
    if (hopByHop.has(name) || ownRequestHeaders.has(name) || name.startsWith("cf-")) continue;
    const value = headers[name];
    if (value === undefined || isNamedBy(connection, name)) continue;
    if (typeof value === "string") list.push(name, value);
    else for (const one of value) list.push(name, one);
  }
  if (length > 0) list.push("content-length", String(length));
  return list;
}

/** The headers of a provider's answer that a caller gets to see, flat. */
export function renderAnswerHeaders(raw: readonly string[], connection: string | undefined) {
  const list: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    if (hopByHop.has(name) || name.startsWith("cf-aig-") || isNamedBy(connection, name)) continue;
    list.push(name, raw[index + 1] as string);
  }
  return list;
}

/** The value of a header in a flat list with lower-case names. */
export function findHeader(list: readonly string[], name: string): string | undefined {
  for (let index = 0; index < list.length; index += 2) {
    if (list[index] === name) return list[index + 1];
  }
  return undefined;
}

function isNamedBy(connection: string | string[] | undefined, name: string): boolean {
  if (connection === undefined || connection === "keep-alive" || connection === "close") {
    return false;
  }
  return String(connection)
    .toLowerCase()
    .split(",")
    .some((token) => token.trim() === name);
}
