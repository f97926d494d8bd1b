import { renderLogDetail } from "../../logs/log-detail.js";
import type { LogPatch, LogStore } from "../../logs/log-entry.js";
import type { GatewayLookup } from "../../state/gateway.js";
import { isProviderSlug } from "../../upstreams/providers.js";
import { type GatewayAnswer, renderJsonAnswer } from "../gateway-answer.js";

export interface BindingControlParts {
  readonly gateways: GatewayLookup;
  readonly gatewayUrl: string;
  readonly logs: LogStore;
}

/** One of the binding's calls that asks no provider: `getUrl`, `getLog`, `patchLog`. */
export interface ControlCall {
  readonly method: string;
  readonly accountId: string;
  /** Below `/ai-gateway/gateways/`. */
  readonly path: string;
  readonly body: Buffer;
}

/**
 * Success is 200 exactly, and a failure has `errors`: the genuine client tells them apart by that.
 * @returns undefined when there is no such call.
 */
export function answerControlCall(
  { method, accountId, path, body }: ControlCall,
  { gateways, gatewayUrl, logs }: BindingControlParts,
): GatewayAnswer | undefined {
  const [gatewayId = "", resource, name, ...more] = path.split("/");
  if (name === undefined || more.length > 0) return undefined;
  const isUrl = resource === "url" && method === "GET";
  const isLog = resource === "logs" && (method === "GET" || method === "PATCH");
  if (!isUrl && !isLog) return undefined;
  if (!gateways.get(accountId, gatewayId)) {
    return fail(400, 2001, "Please configure AI Gateway in the Cloudflare dashboard");
  }
  if (isUrl) {
    const base = `${gatewayUrl}/${accountId}/${gatewayId}`;
    if (name === "" || name === "universal") return succeed({ url: base });
    const known = isProviderSlug(name) || name === "compat" || name.startsWith("custom-");
    return known ? succeed({ url: `${base}/${name}` }) : fail(400, 2008, "Invalid provider");
  }
  if (method === "GET") {
    const entry = logs.get(accountId, gatewayId, name);
    if (!entry) return fail(404, 7002, "Log Not Found");
    return succeed(renderLogDetail(entry, logs.payload(accountId, gatewayId, name)));
  }
  const patch = readPatch(body);
  if (typeof patch === "string") return fail(400, 7001, patch);
  const entry = logs.patch(accountId, gatewayId, name, patch);
  return entry ? succeed(entry) : fail(404, 7002, "Log Not Found");
}

const succeed = (result: unknown) =>
  renderJsonAnswer(200, { success: true, errors: [], messages: [], result });

export const fail = (status: number, code: number, message: string) =>
  renderJsonAnswer(status, {
    success: false,
    errors: [{ code, message }],
    messages: [],
    result: null,
  });

/** @returns the patch, or what is wrong with it; keys the product does not know are left out. */
export function readPatch(body: Buffer): LogPatch | string {
  let sent: Record<string, unknown> | null;
  try {
    sent = JSON.parse(body.toString("utf8"));
  } catch {
    sent = null;
  }
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    return "The body is not a JSON object; write feedback, score or metadata.";
  }
  const { feedback, score, metadata } = sent;
  for (const [name, value] of Object.entries({ feedback, score })) {
    if (value !== undefined && value !== null && typeof value !== "number") {
      return `${name} is ${JSON.stringify(value)}; write a number, or null for none.`;
    }
  }
  if (metadata !== undefined && metadata !== null) {
    const values = typeof metadata === "object" ? Object.values(metadata) : [null];
    if (values.some((value) => !["string", "number", "boolean"].includes(typeof value))) {
      return "metadata is not a flat object of strings, numbers and booleans.";
    }
  }
  return {
    ...(feedback !== undefined ? { feedback: feedback as number | null } : {}),
    ...(score !== undefined ? { score: score as number | null } : {}),
    ...(metadata !== undefined ? { metadata: (metadata ?? {}) as LogPatch["metadata"] & {} } : {}),
  };
}
