import { Hono } from "hono";
import { renderLogDetail } from "../../logs/log-detail.js";
import type { LogEntry, LogPayload, LogStore } from "../../logs/log-entry.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { readJson } from "../read-body.js";
import { parseLogDeleteQuery, parseLogListQuery, parseLogPatch } from "./log-schema.js";
import { findGateway } from "./routes.js";
import type { GatewayStore } from "./store.js";

/**
 * The request log of a gateway, below `…/gateways/:gateway/logs`.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/logs/
 */
export function logRoutes({
  gateways,
  logs,
}: {
  readonly gateways: GatewayStore;
  readonly logs: LogStore;
}): Hono<{ Variables: { place: readonly [accountId: string, gatewayId: string] } }> {
  const routes = new Hono<{
    Variables: { place: readonly [accountId: string, gatewayId: string] };
  }>();

  routes.use("*", async (c, next) => {
    const accountId = c.req.param("account") ?? "";
    c.set("place", [accountId, findGateway(gateways, accountId, c.req.param("gateway") ?? "").id]);
    await next();
  });

  routes.get("/", (c) => {
    const query = parseLogListQuery(c.req.query());
    const { entries, totalCount } = logs.list(...c.get("place"), query);
    return success(entries, 200, {
      page: query.page,
      per_page: query.perPage,
      count: entries.length,
      total_count: totalCount,
    });
  });

  routes.delete("/", (c) => {
    logs.delete(...c.get("place"), parseLogDeleteQuery(c.req.query()));
    // Cloudflare's answer has no `result` here.
    return Response.json({ success: true });
  });

  routes.get("/:log", (c) => {
    const id = c.req.param("log");
    const entry = found(logs.get(...c.get("place"), id), id);
    return success(renderLogDetail(entry, logs.payload(...c.get("place"), id)));
  });

  routes.patch("/:log", async (c) => {
    const id = c.req.param("log");
    found(logs.get(...c.get("place"), id), id);
    const patch = parseLogPatch(await readJson(c.req.raw, "validation"));
    return success(found(logs.patch(...c.get("place"), id, patch), id));
  });

  const payload = (
    accountId: string,
    gatewayId: string,
    id: string,
    pick: (entry: LogEntry, payload: LogPayload) => { body: Uint8Array; type: string },
  ): Response => {
    const entry = found(logs.get(accountId, gatewayId, id), id);
    const stored = logs.payload(accountId, gatewayId, id);
    if (!stored) {
      const hint = `The bodies of the log "${id}" were not collected (cf-aig-collect-log-payload).`;
      throw ApiError.of(404, "notFound", "Not Found", hint);
    }
    const { body, type } = pick(entry, stored);
    return new Response(new Uint8Array(body), {
      headers: { "content-type": type || "application/octet-stream" },
    });
  };

  routes.get("/:log/request", (c) =>
    payload(...c.get("place"), c.req.param("log"), (entry, { request }) => ({
      body: request,
      type: entry.request_content_type,
    })),
  );

  routes.get("/:log/response", (c) =>
    payload(...c.get("place"), c.req.param("log"), (entry, { response }) => ({
      body: response,
      type: entry.response_content_type,
    })),
  );

  return routes;
}

function found(entry: LogEntry | undefined, id: string): LogEntry {
  if (entry) return entry;
  throw ApiError.of(404, "notFound", "Not Found", `The gateway has no log with the id "${id}".`);
}
