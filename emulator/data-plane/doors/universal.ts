import { gatewayErrors } from "../../../protocol/gateway-errors.js";
import type { Gateway } from "../../state/gateway.js";
import type { GatewayItem, GatewayRequest } from "../gateway-request.js";
import { type ItemConfig, readRequestOptions } from "../request-options.js";
import { admit, type DoorParts, GatewayRefusal, type Knock } from "./door.js";

/**
 * One item or an array of them, each with provider, endpoint, headers, query and config. The
 * binding's `gateway(id).run` comes this way too.
 * @see https://developers.cloudflare.com/ai-gateway/usage/universal/
 */
export function openUniversal(knock: Knock, parts: DoorParts): GatewayRequest {
  return admit(knock, parts, (gateway) => {
    const body = parse(knock.body);
    const items: unknown[] = Array.isArray(body) ? body : [body];
    if (items.length === 0) throw bad("the array is empty; name one provider at least");
    return items.map((item, index) => readItem(item, index, gateway, knock));
  });
}

function readItem(value: unknown, index: number, gateway: Gateway, knock: Knock): GatewayItem {
  const item = value as Record<string, unknown> | null;
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw bad(`item ${index} is not an object`);
  }
  const { provider, endpoint, query } = item;
  if (typeof provider !== "string" || !/^[\w-]+$/.test(provider)) {
    throw bad(`item ${index} has no "provider", such as "workers-ai"`);
  }
  if (typeof endpoint !== "string") {
    throw bad(`item ${index} has no "endpoint", such as "@cf/meta/llama-3.1-8b-instruct"`);
  }
  if (/[^\x21-\x7e]/.test(endpoint)) {
    throw bad(
      `the "endpoint" of item ${index} is not a URL path; percent-encode what is not ASCII`,
    );
  }
  const headers = readHeaders(item, index);
  return {
    provider,
    method: "POST",
    path: endpoint.replace(/^\/+/, ""),
    headers: { "content-type": "application/json", ...headers },
    body: query === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(query)),
    options: readRequestOptions(
      gateway,
      knock.headers,
      headers,
      (item.config as ItemConfig | null) ?? {},
    ),
    bare: false,
  };
}

function readHeaders({ headers, authorization }: Record<string, unknown>, index: number) {
  const read: Record<string, string> = {};
  if (typeof authorization === "string") read.authorization = authorization;
  for (const [name, value] of Object.entries(headers ?? {})) {
    // The binding's client leaves null in place and drops undefined; both mean "none".
    if (value === null || value === undefined) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(text)) {
      throw bad(`item ${index} has a header "${name}" that HTTP cannot carry`);
    }
    read[name.toLowerCase()] = text;
  }
  return read;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw bad("the body is not JSON");
  }
}

const bad = (what: string) =>
  new GatewayRefusal(
    gatewayErrors["bad-request"],
    `A universal request is an item {provider, endpoint, headers, query} or an array of them; ${what}.`,
  );
