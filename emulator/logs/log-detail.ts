import type { LogEntry, LogPayload } from "./log-entry.js";

/** How much of each body a single row shows. */
const HEAD_BYTES = 4096;

/** A row as it is shown alone: with the beginnings of both bodies. */
export function renderLogDetail(entry: LogEntry, payload: LogPayload | undefined) {
  return {
    ...entry,
    request_size: payload?.request.length ?? 0,
    ...(payload ? renderHead("request", payload.request) : {}),
    response_size: payload?.response.length ?? 0,
    ...(payload ? renderHead("response", payload.response) : {}),
  };
}

function renderHead(side: "request" | "response", body: Uint8Array) {
  return {
    [`${side}_head`]: Buffer.from(body.subarray(0, HEAD_BYTES)).toString("utf8"),
    [`${side}_head_complete`]: body.length <= HEAD_BYTES,
  };
}
