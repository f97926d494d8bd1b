import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRequest, type GatewayParts } from "./answer-request.js";
import { deliver } from "./deliver.js";
import { answerControlCall, fail } from "./doors/binding-control.js";
import { type DoorParts, type Knock, refuseUnknown } from "./doors/door.js";
import { openModelRun, readModelRun } from "./doors/run-model.js";
import { openUniversal } from "./doors/universal.js";
import type { GatewayRequest } from "./gateway-request.js";
import { readBody } from "./read-body.js";
import { runWithoutGateway } from "./run-without-gateway.js";
import { send, serve } from "./serve.js";

export interface BindingParts extends GatewayParts, DoorParts {
  readonly bindingToken: string;
  readonly gatewayUrl: () => string;
}

/** What workerd adds to each request of a script's `AI` binding. */
const localHeader = {
  account: "cf-local-account",
  script: "cf-local-script",
  token: "cf-local-token",
} as const;

const UNIVERSAL = "/ai-gateway/universal/run/";
const CONTROL = "/ai-gateway/gateways/";

/**
 * The inner protocol of the genuine `AI` binding.
 *
 * Who calls is what workerd says, never what the path says: a Worker can write any id into a path.
 */
export class BindingServer {
  readonly #parts: BindingParts;

  constructor(parts: BindingParts) {
    this.#parts = parts;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { headers } = request;
    const accountId = headers[localHeader.account];
    if (
      typeof accountId !== "string" ||
      !headers[localHeader.script] ||
      headers[localHeader.token] !== this.#parts.bindingToken
    ) {
      request.resume();
      send(response, fail(403, 403, "Only the emulator's own workerd may call this address."));
      return;
    }
    serve(request, response, this.#parts.warn, async (cancellation) => {
      const { method = "GET", url = "" } = request;
      const path = url.replace(/\?.*$/s, "");
      const body = await readBody(request);
      const knock = {
        accountId,
        gatewayId: "",
        method,
        headers,
        body,
        trusted: true,
        cancellation,
      };
      if (path.startsWith(CONTROL)) {
        const call = { method, accountId, path: path.slice(CONTROL.length), body };
        const answer = answerControlCall(call, {
          ...this.#parts,
          gatewayUrl: this.#parts.gatewayUrl(),
        });
        return send(response, answer ?? fail(501, 501, refuseUnknown(request).message));
      }
      if (method === "POST" && path === "/run" && headers.upgrade === undefined) {
        return runWithoutGateway(readModelRun(knock), knock, this.#parts.upstreams, response);
      }
      const opened = this.#open(knock, path, headers.upgrade !== undefined);
      if (!opened) throw refuseUnknown(request);
      deliver(await answerRequest(opened, this.#parts), opened, response);
    });
  }

  #open(knock: Knock, path: string, upgrade: boolean): GatewayRequest | undefined {
    if (upgrade || knock.method !== "POST") return undefined;
    if (path.startsWith(UNIVERSAL)) {
      const gatewayId = path.slice(UNIVERSAL.length);
      return openUniversal({ ...knock, gatewayId }, this.#parts);
    }
    if (path !== "/ai-gateway/run") return undefined;
    const run = readModelRun(knock);
    const gatewayId = String(run.gateway.id ?? "");
    return openModelRun({ ...knock, gatewayId }, run, this.#parts);
  }
}
