import type { LogEntry, LogRetention, LogStore } from "../../logs/log-entry.js";
import { findHeader } from "../../upstreams/header-list.js";
import type { BodyRecording } from "../body-recording.js";
import { type GatewayAnswer, isSuccess } from "../gateway-answer.js";
import type { GatewayItem, GatewayRequest } from "../gateway-request.js";
import { readMetadata } from "../metadata.js";
import { readTokenUsage } from "../token-usage.js";

/** What became of one item. */
export interface ItemOutcome {
  readonly item: GatewayItem;
  readonly step: number;
  readonly logId: string;
  readonly startedAt: number;
  readonly answer: GatewayAnswer;
  readonly recording: BodyRecording;
  /** False when the caller left, or the provider broke off. */
  readonly complete: boolean;
}

/** Writes the row of one item. The product knows prices and the emulator does not: cost is 0. */
export function log(
  logs: LogStore,
  { accountId, gateway, eventId }: GatewayRequest,
  { item, step, logId, startedAt, answer, recording, complete }: ItemOutcome,
  now: number,
): void {
  const { options } = item;
  if (!options.collectLog) return;
  const { provider, model } = describeModel(item);
  const usage = answer.cached
    ? { tokensIn: 0, tokensOut: 0 }
    : readTokenUsage(isSuccess(answer) ? recording.ends() : []);
  const entry: LogEntry = {
    id: logId,
    event_id: eventId,
    created_at: renderTime(now),
    provider,
    model: share(model),
    path: share(item.path),
    duration: Math.round(now - startedAt),
    success: complete && isSuccess(answer),
    cached: answer.cached,
    status_code: answer.status,
    step,
    tokens_in: usage.tokensIn,
    tokens_out: usage.tokensOut,
    cost: 0,
    metadata: readMetadata(options.metadata),
    model_type: "",
    request_type: "",
    request_content_type: share((item.headers["content-type"] as string | undefined) ?? ""),
    response_content_type: share(findHeader(answer.headers, "content-type") ?? ""),
    feedback: null,
    score: null,
  };
  const response = options.collectPayload ? recording.body() : undefined;
  const payload = response && {
    request: answer.request ?? item.body,
    response,
    repeated: answer.cached,
  };
  logs.append(accountId, gateway.id, entry, payload, retentionOf(gateway));
}

const shared = new Map<string, string>();

/**
 * One copy of a text that most rows have in common. Rows live long, and a piece cut out of a
 * request would keep the whole of it in memory.
 */
function share(text: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  if (shared.size >= 1000) shared.clear();
  // Through bytes: that is what makes a text of its own.
  const own = Buffer.from(text).toString();
  shared.set(own, own);
  return own;
}

let lastTime = Number.NaN;
let lastText = "";

/** Many rows fall into the same millisecond. */
function renderTime(now: number): string {
  if (now !== lastTime) {
    lastTime = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}

function retentionOf(gateway: GatewayRequest["gateway"]): LogRetention {
  return {
    limit: gateway.log_management ?? 100_000,
    strategy: gateway.log_management_strategy ?? "STOP_INSERTING",
  };
}

/** Workers AI has its model in the path, the others in the body: not far from either end. */
function describeModel({ provider, path, body }: GatewayItem) {
  if (provider === "workers-ai" && path.startsWith("@")) {
    return { provider, model: path.replace(/\?.*$/s, "") };
  }
  const model =
    findModel(body.toString("latin1", 0, 2048)) ??
    findModel(body.toString("latin1", Math.max(0, body.length - 2048))) ??
    "";
  if (provider !== "compat") return { provider, model };
  const slash = model.indexOf("/");
  return slash > 0
    ? { provider: model.slice(0, slash), model: model.slice(slash + 1) }
    : { provider, model };
}

/** In a JSON string a quote is escaped, so a prompt that talks about models does not match. */
const findModel = (text: string): string | undefined => /"model"\s*:\s*"([^"\\]+)"/.exec(text)?.[1];
