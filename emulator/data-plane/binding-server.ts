import type { IncomingMessage, ServerResponse } from "node:http";
import { bindingHeader } from "../binding-header.js";
import type { Cancellation } from "../upstreams/cancellation.js";
import { answerRequest, type GatewayParts } from "./answer-request.js";
import { deliver } from "./deliver.js";
import { answerControlCall, fail } from "./doors/binding-control.js";
import { type DoorParts, type Knock, refuseUnknown } from "./doors/door.js";
import { openModelRun, readModelRun } from "./doors/run-model.js";
import { openUniversal } from "./doors/universal.js";
import { answerFailure, send, watchCaller } from "./exchange.js";
import type { GatewayRequest } from "./gateway-request.js";
import { readBody } from "./read-body.js";
import { runWithoutGateway } from "./run-without-gateway.js";

export interface BindingParts extends GatewayParts, DoorParts {
  readonly bindingToken: string;
  readonly gatewayUrl: () => string;
}

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

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers } = request;
    const accountId = headers[bindingHeader.account];
    if (
      typeof accountId !== "string" ||
      !headers[bindingHeader.script] ||
      headers[bindingHeader.token] !== this.#parts.bindingToken
    ) {
      request.resume();
      send(response, fail(403, 403, "Only the emulator's own workerd may call this address."));
      return;
    }
    const cancellation = watchCaller(response);
    try {
      await this.#answer(accountId, request, response, cancellation);
    } catch (error) {
      answerFailure(error, request, response, cancellation, this.#parts.warn);
    }
  }

  async #answer(
    accountId: string,
    request: IncomingMessage,
    response: ServerResponse,
    cancellation: Cancellation,
  ): Promise<void> {
    const { method = "GET", url = "", headers } = request;
    const path = url.replace(/\?.*$/s, "");
    const upgrade = headers.upgrade !== undefined;
    const body = await readBody(request);
    if (path.startsWith(CONTROL)) {
      const call = { method, accountId, path: path.slice(CONTROL.length), body };
      const answer = answerControlCall(call, {
        ...this.#parts,
        gatewayUrl: this.#parts.gatewayUrl(),
      });
      return send(response, answer ?? fail(501, 501, refuseUnknown(request).message));
    }
    const knock = { accountId, gatewayId: "", method, headers, body, trusted: true, cancellation };
    if (method === "POST" && path === "/run" && !upgrade) {
      return runWithoutGateway(readModelRun(knock), knock, this.#parts.upstreams, response);
    }
    const opened = this.#open(knock, path, upgrade);
    if (!opened) throw refuseUnknown(request);
    deliver(await answerRequest(opened, this.#parts), opened, response);
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
