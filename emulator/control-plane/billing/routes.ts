import { Hono } from "hono";
import { notFound } from "../ai-gateway/refusals.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { parseQuery } from "../list-query.js";
import { readJson } from "../read-body.js";
import { checkTopup, invoiceHistoryQuery, parseTopupStatus, usageHistoryQuery } from "./schema.js";

/** Automatic top-ups of an account that never set them up. */
const noTopups = { amount: null, threshold: null };

/** Entries on one page of a history. */
const PER_PAGE = 20;

/**
 * The credits of an account that has no payment method, below `/accounts/:account/ai-gateway/billing`:
 * nothing was ever bought, used or invoiced, and nothing can be. A preview of an invoice would be
 * invented, so there is none.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/billing/
 */
export function billingRoutes(): Hono {
  const routes = new Hono();

  routes.get("/credit-balance", () =>
    success({
      balance: 0,
      has_default_payment_method: false,
      payment_method: null,
      topup_config: noTopups,
    }),
  );

  routes.get("/invoice-history", (c) => {
    parseQuery(invoiceHistoryQuery, c.req.query());
    const pagination = { page: 1, per_page: PER_PAGE, total_count: 0, has_more: false };
    return success({ invoices: [], pagination });
  });

  routes.get("/usage-history", (c) => {
    parseQuery(usageHistoryQuery, c.req.query());
    return success({ history: [] });
  });

  routes.post("/topup", async (c) => {
    checkTopup(await readJson(c.req.raw, "validation"));
    const hint = "An emulated account has no payment method: it cannot buy credits.";
    throw ApiError.of(400, "billing", "No default payment method", hint);
  });

  routes.post("/topup/status", async (c) => {
    const { payment_intent_id } = parseTopupStatus(await readJson(c.req.raw, "validation"));
    notFound(`An emulated account buys nothing, so there is no payment "${payment_intent_id}".`);
  });

  routes.get("/topup/config", () => success(noTopups));
  routes.on(["POST", "DELETE"], "/topup/config", () => {
    const hint = "Cloudflare takes this from a session of its dashboard only, never from a token.";
    throw ApiError.of(403, "authentication", "Authentication error", hint);
  });

  routes.get("/spending-limit", () =>
    success({ enabled: false, config: { amount: null, duration: null, strategy: null } }),
  );
  routes.post("/spending-limit", () => {
    const hint = 'Use the gateway setting "spend_limits" instead.';
    throw ApiError.of(403, "billing", "AI Gateway spending limits are deprecated", hint);
  });
  // Removes nothing: there can be no limit from before they were deprecated.
  routes.delete("/spending-limit", () => success(null));

  return routes;
}
