import { Hono } from "hono";
import { z } from "zod";
import { direction, pageOf, paging, parseQuery } from "../list-query.js";

const since = "2025-01-01T00:00:00.000Z";

/**
 * What an evaluation can measure: the two that every evaluation must. Ids and times are the emulator's own, for no
 * source has Cloudflare's.
 */
export const evaluationTypes = (
  [
    ["speed", "00000000-0000-4000-8000-000000000001", "How long the logged requests took."],
    ["cost", "00000000-0000-4000-8000-000000000002", "What the logged requests cost."],
  ] as const
).map(([type, id, description]) => ({
  id,
  name: type,
  type,
  description,
  enable: true,
  mandatory: true,
  created_at: since,
  modified_at: since,
}));

type Key = keyof (typeof evaluationTypes)[number];

const query = z.strictObject({
  ...paging,
  order_by: z.enum(["id", "name", "type", "created_at", "modified_at"]).optional(),
  order_by_direction: direction.default("asc"),
});

/**
 * The list, at `/accounts/:account/ai-gateway/evaluation-types`.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/evaluation_types/
 */
export function evaluationTypeRoutes(): Hono {
  const routes = new Hono();

  routes.get("/", (c) => {
    const asked = parseQuery(query, c.req.query());
    const rows = asked.order_by
      ? sorted(asked.order_by, asked.order_by_direction === "asc" ? 1 : -1)
      : evaluationTypes;
    return pageOf(rows, asked);
  });

  return routes;
}

const sorted = (key: Key, sign: 1 | -1) =>
  [...evaluationTypes].sort((a, b) => sign * (a[key] < b[key] ? -1 : 1));
