import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRequest, type GatewayParts } from "./answer-request.js";
import { deliver } from "./deliver.js";
import { type DoorParts, type Knock, refuseUnknown } from "./doors/door.js";
import { openProviderUrl } from "./doors/provider-url.js";
import { openUniversal } from "./doors/universal.js";
import type { GatewayRequest } from "./gateway-request.js";
import { readBody } from "./read-body.js";
import { serve } from "./serve.js";

/** Whoever has the URL: `/v1/{account}/{gateway}` and what lies below. */
export class GatewayServer {
  readonly #parts: GatewayParts & DoorParts;

  constructor(parts: GatewayParts & DoorParts) {
    this.#parts = parts;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    serve(request, response, this.#parts.warn, async (cancellation) => {
      const door = this.#findDoor(request);
      if (!door) throw refuseUnknown(request);
      const body = await readBody(request);
      const { method = "GET", headers } = request;
      const { accountId, gatewayId } = door;
      const knock: Knock = {
        accountId,
        gatewayId,
        method,
        headers,
        body,
        trusted: false,
        cancellation,
      };
      const opened = door.open(knock);
      deliver(await answerRequest(opened, this.#parts), opened, response);
    });
  }

  #findDoor({ url = "", method, headers }: IncomingMessage): Door | undefined {
    // WebSockets are the one other thing the product does here.
    if (headers.upgrade !== undefined || !url.startsWith("/v1/")) return undefined;
    const [accountId, afterAccount] = cut(url, 4);
    const [gatewayId, afterGateway] = cut(url, afterAccount);
    const [provider, afterProvider] = cut(url, afterGateway);
    if (accountId === "" || gatewayId === "") return undefined;
    if (provider === "") {
      if (method !== "POST") return undefined;
      return { accountId, gatewayId, open: (knock) => openUniversal(knock, this.#parts) };
    }
    const path = url.slice(afterProvider);
    return {
      accountId,
      gatewayId,
      open: (knock) => openProviderUrl(knock, provider, path, this.#parts),
    };
  }
}

interface Door {
  readonly accountId: string;
  readonly gatewayId: string;
  readonly open: (knock: Knock) => GatewayRequest;
}

/** The path segment at `from`, and where the next one begins (the query, when there is none). */
function cut(url: string, from: number): [segment: string, next: number] {
  for (let index = from; index < url.length; index++) {
    const code = url.charCodeAt(index);
    if (code === 0x2f) return [url.slice(from, index), index + 1];
    if (code === 0x3f) return [url.slice(from, index), index];
  }
  return [url.slice(from), url.length];
}
