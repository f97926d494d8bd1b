import type { Context } from "hono";
import { renderLogDetail } from "../../logs/log-detail.js";
import type { LogEntry, LogPayload, LogStore } from "../../logs/log-entry.js";
import { success } from "../envelope.js";
import { readJson } from "../read-body.js";
import {
  type GatewayResourceEnv,
  type GatewayResourceRoutes,
  gatewayResourceRoutes,
} from "./gateway-resource.js";
import { parseLogDeleteQuery, parseLogListQuery, parseLogPatch } from "./log-schema.js";
import { notFound } from "./refusals.js";
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
}): GatewayResourceRoutes {
  const routes = gatewayResourceRoutes(gateways);
  const place = (c: Context<GatewayResourceEnv>) =>
    [c.req.param("account") ?? "", c.get("gatewayId")] as const;

  routes.get("/", (c) => {
    const query = parseLogListQuery(c.req.query());
    const { entries, totalCount } = logs.list(...place(c), query);
    return success(entries, 200, {
      page: query.page,
      per_page: query.perPage,
      count: entries.length,
      total_count: totalCount,
    });
  });

  routes.delete("/", (c) => {
    logs.delete(...place(c), parseLogDeleteQuery(c.req.query()));
    // Cloudflare's answer has no `result` here.
    return Response.json({ success: true });
  });

  routes.get("/:log", (c) => {
    const id = c.req.param("log");
    const entry = found(logs.get(...place(c), id), id);
    return success(renderLogDetail(entry, logs.payload(...place(c), id)));
  });

  routes.patch("/:log", async (c) => {
    const id = c.req.param("log");
    found(logs.get(...place(c), id), id);
    const patch = parseLogPatch(await readJson(c.req.raw, "validation"));
    return success(found(logs.patch(...place(c), id, patch), id));
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
      notFound(`The bodies of the log "${id}" were not collected (cf-aig-collect-log-payload).`);
    }
    const { body, type } = pick(entry, stored);
    return new Response(new Uint8Array(body), {
      headers: { "content-type": type || "application/octet-stream" },
    });
  };

  routes.get("/:log/request", (c) =>
    payload(...place(c), c.req.param("log"), (entry, { request }) => ({
      body: request,
      type: entry.request_content_type,
    })),
  );

  routes.get("/:log/response", (c) =>
    payload(...place(c), c.req.param("log"), (entry, { response }) => ({
      body: response,
      type: entry.response_content_type,
    })),
  );

  return routes;
}

const found = (entry: LogEntry | undefined, id: string): LogEntry =>
  entry ?? notFound(`The gateway has no log with the id "${id}".`);
