import type { Readable } from "node:stream";
import { type GatewayErrorFacts, renderGatewayError } from "../../protocol/gateway-errors.js";
import type { UpstreamAnswer } from "../upstreams/upstream.js";

/** What goes back to the caller: the provider's answer, a cached one, or the gateway's refusal. */
export interface GatewayAnswer extends UpstreamAnswer {
  readonly cached: boolean;
  /** A cached answer's copy of the request body: equal to the caller's, and shared by its rows. */
  readonly request?: Buffer | undefined;
}

/** The gateway's own word instead of a provider's. */
export function refuse(facts: GatewayErrorFacts, message = facts.message): GatewayAnswer {
  return { ...renderJsonAnswer(facts.status, renderGatewayError({ ...facts, message })) };
}

/** The content type is exact: the binding's client parses nothing else as JSON. */
export function renderJsonAnswer(status: number, value: unknown): GatewayAnswer {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ["content-type", "application/json", "content-length", String(body.length)];
  return { status, headers, body, cached: false };
}

export const isSuccess = ({ status }: { readonly status: number }): boolean =>
  status >= 200 && status < 300;

/** Lets go of an answer nobody will read. Small rests are read on: that keeps the connection. */
export function discard(body: Readable | Buffer): void {
  if (Buffer.isBuffer(body)) return;
  body.on("error", () => {});
  body.resume();
}
