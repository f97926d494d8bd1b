import { Hono } from "hono";
import { z } from "zod";
import { randomHex } from "../../ids.js";
import type { StoredGatewayDomain } from "../../state/stored-gateway-resources.js";
import { ApiError, TakenError } from "../api-error.js";
import { askedGateway } from "../asked-gateway.js";
import { success } from "../envelope.js";
import type { GatewayResourceOptions } from "../gateway-resource-options.js";
import { openPaging, pageOf, parseQuery } from "../list-query.js";
import { parse } from "../parse.js";
import { readJson } from "../read-body.js";

const hostname = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

const newDomain = z.strictObject({
  domain: z.string().max(253).regex(hostname, "must be a host name such as ai.example.com"),
  zone_id: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits"),
});

const listQuery = z.strictObject(openPaging);

/**
 * Custom domains of gateways, below `…/gateways/:gateway/custom-domains`. They are kept and shown, and stay in
 * `pending_dcv`: no host name leads to the emulator. Any zone's id is one, for zones are not emulated.
 *
 * Cloudflare has not settled this contract. Codes for faults are in no source; these are AI Gateway's own.
 * @see https://developers.cloudflare.com/ai-gateway/configuration/custom-domains/
 */
export function gatewayDomainRoutes({
  gateways,
  products,
  clock,
  log,
}: GatewayResourceOptions): Hono {
  const domains = products.gatewayDomains;
  const routes = new Hono();

  const find = (gatewayId: string, name: string): StoredGatewayDomain => {
    const domain = domains.get(name);
    return domain?.gateway_id === gatewayId ? domain : notFound(name);
  };

  routes.post("/", async (c) => {
    const gateway_id = askedGateway(gateways, c).id;
    const body = await readJson(c.req.raw, "validation");
    const given = parse(newDomain, body, "validation", { showValues: true });
    const now = clock.now();
    const made = await domains.put((rows) => {
      const taken = rows.find((row) => row.hostname === given.domain);
      if (taken) {
        const message = `A custom domain with the hostname "${given.domain}" already exists.`;
        throw TakenError.of(400, "validation", message);
      }
      return {
        hostname: given.domain,
        gateway_id,
        zone_id: given.zone_id,
        // A name nobody can have: that Cloudflare's own looks otherwise is to be seen.
        cname_target: `${randomHex(8)}.emulated.invalid`,
        created_at: now,
        modified_at: now,
      };
    });
    log(
      `Custom domain ${made.hostname} of the gateway "${gateway_id}": kept, but no request comes by it here. ` +
        "The gateway answers at its own URL only.",
    );
    return success(render(made));
  });

  routes.get("/", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const rows = domains.list().filter((row) => row.gateway_id === gatewayId);
    return pageOf(rows.map(render), parseQuery(listQuery, c.req.query()));
  });

  routes.get("/:hostname", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    return success(render(find(gatewayId, c.req.param("hostname"))));
  });

  routes.delete("/:hostname", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const { hostname: name } = find(gatewayId, c.req.param("hostname"));
    return success(render(await domains.remove(name, notFound)));
  });

  return routes;
}

/** The zone is not in the answers. */
const render = ({ zone_id, ...domain }: StoredGatewayDomain) => ({
  ...domain,
  status: "pending_dcv",
});

function notFound(name: string): never {
  throw ApiError.of(
    404,
    "notFound",
    "Not Found",
    `The gateway has no custom domain with the hostname "${name}".`,
  );
}
