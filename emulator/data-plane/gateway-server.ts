import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRequest, type GatewayParts } from "./answer-request.js";
import { deliver } from "./deliver.js";
import { type DoorParts, type Knock, refuseUnknown } from "./doors/door.js";
import { openProviderUrl } from "./doors/provider-url.js";
import { openUniversal } from "./doors/universal.js";
import { answerFailure, watchCaller } from "./exchange.js";
import { readBody } from "./read-body.js";

/** Whoever has the URL: `/v1/{account}/{gateway}` and what lies below. */
export class GatewayServer {
  readonly #parts: GatewayParts & DoorParts;

  constructor(parts: GatewayParts & DoorParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cancellation = watchCaller(response);
    try {
      const target = readTarget(request);
      if (!target) throw refuseUnknown(request);
      const { accountId, gatewayId, provider, path } = target;
      const body = await readBody(request);
      const { method = "GET", headers } = request;
      const knock: Knock = {
        accountId,
        gatewayId,
        method,
        headers,
        body,
        trusted: false,
        address: request.socket.remoteAddress,
        cancellation,
      };
      const opened =
        provider === ""
          ? openUniversal(knock, this.#parts)
          : openProviderUrl(knock, provider, path, this.#parts);
      deliver(await answerRequest(opened, this.#parts), opened, response);
    } catch (error) {
      answerFailure(error, request, response, cancellation, this.#parts.warn);
    }
  }
}

interface Target {
  readonly accountId: string;
  readonly gatewayId: string;
  /** Empty for the universal endpoint. */
  readonly provider: string;
  /** With the query string. */
  readonly path: string;
}

function readTarget({ url = "", method, headers }: IncomingMessage): Target | undefined {
  // WebSockets are the one other thing the product does here.
  if (headers.upgrade !== undefined || !url.startsWith("/v1/")) return undefined;
  const account = endOfSegment(url, 4);
  const gateway = endOfSegment(url, account + 1);
  const provider = endOfSegment(url, gateway + 1);
  const target = {
    accountId: url.slice(4, account),
    gatewayId: url.slice(account + 1, gateway),
    provider: url.slice(gateway + 1, provider),
    // The slash before the path goes, the question mark before a query stays.
    path: url.charCodeAt(provider) === 0x3f ? url.slice(provider) : url.slice(provider + 1),
  };
  if (target.accountId === "" || target.gatewayId === "") return undefined;
  return target.provider === "" && method !== "POST" ? undefined : target;
}

function endOfSegment(url: string, from: number): number {
  for (let index = from; index < url.length; index++) {
    const code = url.charCodeAt(index);
    if (code === 0x2f || code === 0x3f) return index;
  }
  return url.length;
}
