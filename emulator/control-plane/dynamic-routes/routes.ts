import type { StoredDynamicRoute } from "../../state/stored-products.js";
import {
  type GatewayResourceOptions,
  type GatewayResourceRoutes,
  gatewayResourceRoutes,
} from "../ai-gateway/gateway-resource.js";
import { quotableBody } from "../ai-gateway/quotable-body.js";
import { page, success } from "../envelope.js";
import { parseQuery } from "../list-query.js";
import { listQuery, newDeployment, newRoute, newVersion, rename } from "./schema.js";
import { DynamicRouteStore, findVersion, liveOf } from "./store.js";

/**
 * Dynamic routes of a gateway with their versions and deployments, below `…/gateways/:gateway/routes`.
 * Three envelopes: `result` for one thing, `data` for a list, `route` for what was renamed.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/dynamic_routing/
 */
export function dynamicRouteRoutes({
  gateways,
  products,
  clock,
}: GatewayResourceOptions): GatewayResourceRoutes {
  const store = new DynamicRouteStore(products, clock);
  const routes = gatewayResourceRoutes(gateways);

  routes.post("/", async (c) => {
    const { name, elements } = await quotableBody(c, newRoute);
    return success(render(await store.create(c.get("gatewayId"), name, elements)));
  });

  routes.get("/", (c) => {
    const account = c.req.param("account") ?? "";
    const rows = store.list(c.get("gatewayId")).map((route) => renderRow(route, account));
    return list("routes", rows, c.req.query());
  });

  routes.get("/:route", (c) =>
    success(render(store.find(c.get("gatewayId"), c.req.param("route")))),
  );

  routes.patch("/:route", async (c) => {
    const { id } = store.find(c.get("gatewayId"), c.req.param("route"));
    const { name } = await quotableBody(c, rename);
    const route = await store.rename(c.get("gatewayId"), id, name);
    return Response.json({
      success: true,
      route: { ...render(route), account_tag: c.req.param("account") },
    });
  });

  routes.delete("/:route", async (c) => {
    const route = await store.delete(c.get("gatewayId"), c.req.param("route"));
    return success({ ...renderPlain(route), elements: liveOf(route).version.elements });
  });

  routes.post("/:route/versions", async (c) => {
    const { id } = store.find(c.get("gatewayId"), c.req.param("route"));
    const { elements } = await quotableBody(c, newVersion);
    const [route, version] = await store.addVersion(c.get("gatewayId"), id, elements);
    return success({ ...renderPlain(route), elements, version_id: version.version_id });
  });

  routes.get("/:route/versions", (c) => {
    const route = store.find(c.get("gatewayId"), c.req.param("route"));
    const rows = route.versions.map((version) => renderVersion(route, version)).reverse();
    return list("versions", rows, c.req.query());
  });

  routes.get("/:route/versions/:version", (c) => {
    const route = store.find(c.get("gatewayId"), c.req.param("route"));
    const version = findVersion(route, c.req.param("version"));
    return success({
      ...renderPlain(route),
      ...renderVersion(route, version),
      elements: version.elements,
    });
  });

  routes.post("/:route/deployments", async (c) => {
    const { id } = store.find(c.get("gatewayId"), c.req.param("route"));
    const { version_id } = await quotableBody(c, newDeployment);
    const route = await store.deploy(c.get("gatewayId"), id, version_id);
    return success({ ...renderPlain(route), elements: liveOf(route).version.elements });
  });

  routes.get("/:route/deployments", (c) => {
    const { deployments } = store.find(c.get("gatewayId"), c.req.param("route"));
    return list("deployments", [...deployments].reverse(), c.req.query());
  });

  return routes;
}

/** Newest first, without totals: a client stops at a short page. */
function list(name: string, rows: readonly unknown[], query: Record<string, string>): Response {
  const { page: number, per_page } = parseQuery(listQuery, query);
  const { items } = page(rows, { page: number, perPage: per_page });
  const order = { order_by: "created_at", order_by_direction: "desc" };
  return Response.json({
    success: true,
    data: { [name]: items, page: number, per_page, ...order },
  });
}

const renderPlain = ({ id, name, gateway_id, created_at, modified_at }: StoredDynamicRoute) => ({
  id,
  name,
  gateway_id,
  created_at,
  modified_at,
});

/** Cloudflare's schema has text for `active` and `data`; the live API was seen with these. */
function renderVersion(route: StoredDynamicRoute, version: StoredDynamicRoute["versions"][number]) {
  const { version_id, created_at, elements } = version;
  const active = liveOf(route).version.version_id === version_id;
  return { version_id, active, is_valid: true, created_at, data: elements };
}

function render(route: StoredDynamicRoute) {
  const { deployment, version } = liveOf(route);
  return {
    ...renderPlain(route),
    elements: version.elements,
    deployment,
    version: renderVersion(route, version),
  };
}

/** A row of a list has no graph. */
function renderRow(route: StoredDynamicRoute, accountId: string) {
  const { deployment, version } = liveOf(route);
  const { data, ...facts } = renderVersion(route, version);
  return { ...renderPlain(route), account_tag: accountId, deployment, version: facts };
}
