import { type Context, Hono } from "hono";
import { randomHex } from "../../ids.js";
import type { StoredRoute } from "../../state/stored-products.js";
import { missing, TakenError } from "../api-error.js";
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

  const sent = async (c: Context): Promise<Omit<StoredRoute, "id">> => {
    const zone_id = parseZoneId(c.req.param("zone"));
    const { pattern, script } = parseRoute(await readJson(c.req.raw, "routePattern"));
    if (script !== null) findScript(scripts, script);
    return { zone_id, pattern, script };
  };

  const answer = (route: StoredRoute): Response => {
    const { pattern, script } = route;
    log(
      `Route ${pattern}: kept, but no request comes by it here. ` +
        (script === null
          ? "It has no Worker."
          : `The Worker "${script}" answers at its own URL only.`),
    );
    return success(render(route));
  };

  app.get("/", (c) => {
    const zone = parseZoneId(c.req.param("zone"));
    const found = rows.list().filter(({ zone_id }) => zone_id === zone);
    return success(found.map(render));
  });

  app.post("/", async (c) => {
    const made = { id: randomHex(16), ...(await sent(c)) };
    return answer(await rows.put((all) => free(made, all)));
  });

  app.get("/:route", (c) => success(render(find(c))));

  app.put("/:route", async (c) => {
    const { id } = find(c);
    const given = await sent(c);
    return answer(await rows.change(id, notFound, (_, all) => free({ id, ...given }, all)));
  });

  app.delete("/:route", async (c) => {
    const { id } = await rows.remove(find(c).id, notFound);
    return success({ id });
  });

  return app;
}

/** The route, if no other one has its pattern. @throws {ApiError} 409/10020 */
function free(route: StoredRoute, all: readonly StoredRoute[]): StoredRoute {
  if (all.some(({ id, pattern }) => pattern === route.pattern && id !== route.id)) {
    throw TakenError.of(409, "routeTaken", "A route with the same pattern already exists.");
  }
  return route;
}

const render = ({ id, pattern, script }: StoredRoute) => ({
  id,
  pattern,
  ...(script === null ? {} : { script }),
});

const notFound = missing(
  "routeNotFound",
  "workers.api.error.route_not_found",
  (id) => `The emulator has no route with the id "${id}" in that zone.`,
);
