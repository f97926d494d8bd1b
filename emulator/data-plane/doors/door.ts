import type { IncomingMessage } from "node:http";
import { type GatewayErrorFacts, gatewayErrors } from "../../../protocol/gateway-errors.js";
import { requestHeader } from "../../../protocol/headers.js";
import type { Clock } from "../../clock.js";
import type { GatewayLookup } from "../../state/gateway.js";
import type { Cancellation } from "../../upstreams/cancellation.js";
import type { RequestHeaders } from "../../upstreams/upstream.js";
import type { GatewayItem, GatewayRequest } from "../gateway-request.js";

/** What every door needs to make a `GatewayRequest`. */
export interface DoorParts {
  readonly gateways: GatewayLookup;
  readonly clock: Clock;
  readonly ids: () => string;
}

/** A knock at a door: whose it is, and all that came with it. */
export interface Knock {
  readonly accountId: string;
  readonly gatewayId: string;
  readonly method: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  readonly trusted: boolean;
  readonly address?: string | undefined;
  readonly cancellation: Cancellation;
}

/** The gateway refuses before it knows what to do: nothing is counted and nothing logged. */
export class GatewayRefusal extends Error {
  override readonly name = "GatewayRefusal";
  readonly facts: GatewayErrorFacts;

  constructor(facts: GatewayErrorFacts, message: string = facts.message) {
    super(message);
    this.facts = { ...facts, message };
  }
}

/** @throws {GatewayRefusal} when there is no such gateway. */
export function admit(
  knock: Knock,
  { gateways, clock, ids }: DoorParts,
  readItems: (gateway: GatewayRequest["gateway"]) => readonly GatewayItem[],
): GatewayRequest {
  const { accountId, gatewayId, headers, trusted, address, cancellation } = knock;
  const gateway = gateways.get(accountId, gatewayId);
  if (!gateway) throw new GatewayRefusal(gatewayErrors["gateway-not-found"]);
  const id = ids();
  return {
    accountId,
    gateway,
    headers,
    trusted,
    address,
    items: readItems(gateway),
    id,
    eventId: (headers[requestHeader.eventId] as string | undefined) || id,
    arrivedAt: clock.now(),
    cancellation,
  };
}

/** @throws {GatewayRefusal} 501, naming what was asked. */
export function refuseUnknown({ method, url }: IncomingMessage): GatewayRefusal {
  return new GatewayRefusal(
    gatewayErrors["not-emulated"],
    `Not emulated: ${method} ${url?.replace(/\?.*$/s, "")}.`,
  );
}
