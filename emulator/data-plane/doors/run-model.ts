import { gatewayErrors } from "../../../protocol/gateway-errors.js";
import { requestHeader } from "../../../protocol/headers.js";
import type { RequestHeaders } from "../../upstreams/upstream.js";
import type { GatewayRequest } from "../gateway-request.js";
import { readRequestOptions } from "../request-options.js";
import { dynamicRouteRefusal } from "../steps/route.js";
import { admit, type DoorParts, GatewayRefusal, type Knock } from "./door.js";

/** What `env.AI.run(model, inputs, options)` sends. */
export interface ModelRun {
  readonly model: string;
  readonly inputs: unknown;
  readonly gateway: Readonly<Record<string, unknown>>;
}

/** @throws {GatewayRefusal} when it is not what the genuine client sends. */
export function readModelRun({ headers, body }: Pick<Knock, "headers" | "body">): ModelRun {
  let sent: { inputs?: unknown; options?: { gateway?: Record<string, unknown> } } | null;
  try {
    sent = JSON.parse(body.toString("utf8"));
  } catch {
    sent = null;
  }
  // The header may carry a prefix, `prefix:@cf/…`.
  const name = String(headers["cf-consn-model-id"] ?? "");
  const model = name.slice(Math.max(0, name.search(/@(cf|hf)\//)));
  if (!sent || typeof sent !== "object" || name === "") {
    throw new GatewayRefusal(
      gatewayErrors["bad-request"],
      "AI.run sends a JSON body and the header cf-consn-model-id; one of them is missing.",
    );
  }
  const [, dynamicRoute] = /^dynamic\/(.+)$/s.exec(model) ?? [];
  if (dynamicRoute !== undefined) throw new GatewayRefusal(dynamicRouteRefusal(dynamicRoute));
  if (!/^@(cf|hf)\//.test(model)) {
    throw new GatewayRefusal(
      gatewayErrors["not-emulated"],
      `Not emulated: AI.run of "${model}". The emulator runs models of Workers AI (@cf/…); reach other providers with AI.gateway(id).run.`,
    );
  }
  return { model, inputs: sent.inputs ?? {}, gateway: sent.options?.gateway ?? {} };
}

/** `AI.run` through a gateway: its options are what other callers put into headers. */
export function openModelRun(knock: Knock, run: ModelRun, parts: DoorParts): GatewayRequest {
  const headers = { ...knock.headers, ...renderGatewayOptions(run.gateway) };
  return admit({ ...knock, headers }, parts, (gateway) => [
    {
      provider: "workers-ai",
      method: "POST",
      path: run.model,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(run.inputs)),
      options: readRequestOptions(gateway, headers),
      bare: true,
    },
  ]);
}

function renderGatewayOptions(options: Readonly<Record<string, unknown>>): RequestHeaders {
  const retries = (options.retries ?? {}) as Record<string, unknown>;
  const values: Record<string, unknown> = {
    [requestHeader.cacheTtl]: options.cacheTtl,
    [requestHeader.cacheKey]: options.cacheKey,
    [requestHeader.skipCache]: options.skipCache,
    [requestHeader.metadata]: options.metadata,
    [requestHeader.collectLog]: options.collectLog,
    [requestHeader.eventId]: options.eventId,
    [requestHeader.requestTimeout]: options.requestTimeoutMs,
    [requestHeader.maxAttempts]: retries.maxAttempts,
    [requestHeader.retryDelay]: retries.retryDelayMs,
    [requestHeader.backoff]: retries.backoff,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (/[\r\n\0]/.test(text)) {
      throw new GatewayRefusal(
        gatewayErrors["bad-request"],
        `The gateway option behind ${name} has a line break; an HTTP header cannot carry it.`,
      );
    }
    // As on the wire: UTF-8 bytes, which Node shows as latin1.
    headers[name] = Buffer.from(text).toString("latin1");
  }
  return headers;
}
