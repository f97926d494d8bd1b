import { type Context, Hono } from "hono";
import { randomHex } from "../../ids.js";
import type { StoredRoute } from "../../state/stored-products.js";
import { ApiError, TakenError } from "../api-error.js";
import { success } from "../envelope.js";
import type { ProductOptions } from "../product-options.js";
import { readJson } from "../read-body.js";
import { findScript } from "../workers/deployments.js";
import { parseRoute, parseZoneId } from "./schema.js";

/**
 * Routes of Workers, below `/zones/:zone/workers/routes`. They are kept and shown; requests do not come
 * by them, for no host name leads to the emulator.
 * @see https://developers.cloudflare.com/api/resources/workers/subresources/routes/
 */
export function routeRoutes({ products, scripts, log }: ProductOptions): Hono {
  const rows = products.routes;
  const app = new Hono();

  const find = (c: Context): StoredRoute => {
    const zone = parseZoneId(c.req.param("zone"));
    const id = c.req.param("route") ?? "";
    const route = rows.get(id);
    return route?.zone_id === zone ? route : notFound(id);
  };

  const put = async (c: Context, id: string): Promise<StoredRoute> => {
    const zone_id = parseZoneId(c.req.param("zone"));
    const { pattern, script } = parseRoute(await readJson(c.req.raw, "routePattern"));
    if (script !== null) findScript(scripts, script);
    const route = await rows.put((others) => {
      if (others.some((row) => row.pattern === pattern && row.id !== id)) {
        throw TakenError.of(409, "routeTaken", "A route with the same pattern already exists.");
      }
      return { id, zone_id, pattern, script };
    });
    log(
      `Route ${pattern}: kept, but no request comes by it here. ` +
        (script === null
          ? "It has no Worker."
          : `The Worker "${script}" answers at its own URL only.`),
    );
    return route;
  };

  app.get("/", (c) => {
    const zone = parseZoneId(c.req.param("zone"));
    const found = rows.list().filter(({ zone_id }) => zone_id === zone);
    return success(found.map(render));
  });

  app.post("/", async (c) => success(render(await put(c, randomHex(16)))));

  app.get("/:route", (c) => success(render(find(c))));

  app.put("/:route", async (c) => success(render(await put(c, find(c).id))));

  app.delete("/:route", async (c) => {
    const { id } = await rows.remove(find(c).id, notFound);
    return success({ id });
  });

  return app;
}

const render = ({ id, pattern, script }: StoredRoute) => ({
  id,
  pattern,
  ...(script === null ? {} : { script }),
});

function notFound(id: string): never {
  throw ApiError.of(
    404,
    "routeNotFound",
    "workers.api.error.route_not_found",
    `The emulator has no route with the id "${id}" in that zone.`,
  );
}
