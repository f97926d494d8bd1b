import { Hono } from "hono";
import { randomHex } from "../../ids.js";
import type { StoredDomain } from "../../state/stored-products.js";
import { missing } from "../api-error.js";
import { success } from "../envelope.js";
import type { ProductOptions } from "../product-options.js";
import { readJson } from "../read-body.js";
import { findScript } from "../workers/deployments.js";
import { parseDomain } from "./schema.js";
import { zoneName } from "./zone-routes.js";

/**
 * Custom domains of Workers, below `/accounts/:account/workers/domains`. They are kept and shown;
 * requests do not come by them, for no host name leads to the emulator.
 * @see https://developers.cloudflare.com/api/resources/workers/subresources/domains/
 */
export function domainRoutes({ products, scripts, log }: ProductOptions): Hono {
  const { domains } = products;
  const routes = new Hono();

  const find = (id: string): StoredDomain => domains.get(id) ?? notFound(id);

  routes.get("/", (c) => {
    const query = c.req.query();
    const asked = (["hostname", "service", "zone_id", "zone_name", "environment"] as const).filter(
      (key) => query[key] !== undefined,
    );
    return success(domains.list().filter((row) => asked.every((key) => row[key] === query[key])));
  });

  routes.put("/", async (c) => {
    const given = parseDomain(await readJson(c.req.raw, "badUpload"));
    findScript(scripts, given.service);
    const id = randomHex(16);
    const domain = await domains.put((rows) => {
      const before = rows.find(({ hostname }) => hostname === given.hostname);
      return { id: before?.id ?? id, zone_name: zoneName(given.hostname), ...given };
    });
    log(
      `Custom domain ${given.hostname}: kept, but no request comes by it here. ` +
        `The Worker "${given.service}" answers at its own URL only.`,
    );
    return success(domain);
  });

  routes.get("/:domain", (c) => success(find(c.req.param("domain"))));

  routes.delete("/:domain", async (c) => {
    await domains.remove(c.req.param("domain"), notFound);
    return success(null);
  });

  return routes;
}

const notFound = missing(
  "domainNotFound",
  "workers.api.error.domain_not_found",
  (id) => `The emulator has no custom domain with the id "${id}".`,
);
