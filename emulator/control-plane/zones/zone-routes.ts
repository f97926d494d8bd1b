import { Hono } from "hono";
import { z } from "zod";
import type { Products } from "../../state/products.js";
import { success } from "../envelope.js";
import { pageOf, pagingUpTo, parseQuery } from "../list-query.js";

export interface ZoneRoutesOptions {
  readonly accountId: string;
  readonly products: Products;
}

const listQuery = z.strictObject({
  name: z.string().optional(),
  "account.id": z.string().optional(),
  ...pagingUpTo(50),
});

/**
 * The zones that somebody has named here, by a custom domain of a gateway or of a Worker: a zone's id is all that they
 * say, so its name is taken from the hostname.
 * @see https://developers.cloudflare.com/api/resources/zones/methods/list/
 */
export function zoneRoutes({ accountId, products }: ZoneRoutesOptions): Hono {
  const routes = new Hono();

  routes.get("/", (c) => {
    const asked = parseQuery(listQuery, c.req.query());
    if ((asked["account.id"] ?? accountId) !== accountId) return success([]);
    const named = [...products.gatewayDomains.list(), ...products.domains.list()];
    const zones = new Map(
      named.map(({ zone_id: id, hostname }) => {
        const zone = { id, name: zoneName(hostname), account: { id: accountId } };
        return [`${zone.id} ${zone.name}`, zone] as const;
      }),
    );
    const found = [...zones.values()].filter(({ name }) => name === (asked.name ?? name));
    return pageOf(found, asked);
  });

  return routes;
}

/** Zones are not emulated; this is the zone's name for all but public suffixes of two labels. */
export const zoneName = (hostname: string): string => hostname.split(".").slice(-2).join(".");
