import type { ServerResponse } from "node:http";
import { type GatewayErrorFacts, gatewayErrors } from "../../protocol/gateway-errors.js";
import type { Upstreams } from "../upstreams/create-upstreams.js";
import { UpstreamUnreachableError } from "../upstreams/upstream.js";
import { GatewayRefusal, type Knock } from "./doors/door.js";
import type { ModelRun } from "./doors/run-model.js";

/** `AI.run` without a gateway: Workers AI itself, nothing cached, limited or logged. */
export async function runWithoutGateway(
  { model, inputs }: ModelRun,
  { cancellation }: Knock,
  upstreams: Upstreams,
  response: ServerResponse,
): Promise<void> {
  const upstream = upstreams.get("workers-ai");
  if (!upstream) throw new GatewayRefusal(gatewayErrors["invalid-provider"]);
  const request = {
    method: "POST",
    path: model,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(inputs)),
    trusted: true,
    bare: true,
    cancellation,
  };
  const answer = await upstream.send(request).catch((error: unknown) => {
    if (!(error instanceof UpstreamUnreachableError)) throw error;
    const facts: GatewayErrorFacts = gatewayErrors["provider-failed"];
    throw new GatewayRefusal(facts, `${facts.message}: ${error.message}`);
  });
  response.writeHead(answer.status, [...answer.headers]);
  if (Buffer.isBuffer(answer.body)) {
    response.end(answer.body);
    return;
  }
  const { body } = answer;
  cancellation.onCancel(() => body.destroy());
  body.on("error", () => response.destroy());
  body.pipe(response);
}
