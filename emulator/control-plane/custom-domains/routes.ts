import { z } from "zod";
import { randomHex } from "../../ids.js";
import type { StoredGatewayDomain } from "../../state/stored-gateway-resources.js";
import {
  type GatewayResourceOptions,
  type GatewayResourceRoutes,
  gatewayResourceRoutes,
} from "../ai-gateway/gateway-resource.js";
import { GatewayRows } from "../ai-gateway/gateway-rows.js";
import { quotableBody } from "../ai-gateway/quotable-body.js";
import { alreadyExists, notFound } from "../ai-gateway/refusals.js";
import { success } from "../envelope.js";
import { openPaging, pageOf, parseQuery } from "../list-query.js";

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
}: GatewayResourceOptions): GatewayResourceRoutes {
  const domains = new GatewayRows(products.gatewayDomains, domainNotFound);
  const routes = gatewayResourceRoutes(gateways);

  routes.post("/", async (c) => {
    const gateway_id = c.get("gatewayId");
    const given = await quotableBody(c, newDomain);
    const now = clock.now();
    const made = await domains.add(gateway_id, (_, { products }) => {
      // A host name leads to one gateway.
      if (products.gateway_domains.some((row) => row.hostname === given.domain)) {
        alreadyExists(`A custom domain with the hostname "${given.domain}"`);
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

  routes.get("/", (c) =>
    pageOf(domains.list(c.get("gatewayId")).map(render), parseQuery(listQuery, c.req.query())),
  );

  routes.get("/:hostname", (c) =>
    success(render(domains.find(c.get("gatewayId"), c.req.param("hostname")))),
  );

  routes.delete("/:hostname", async (c) =>
    success(render(await domains.remove(c.get("gatewayId"), c.req.param("hostname")))),
  );

  return routes;
}

/** The zone is not in the answers. */
const render = ({ zone_id, ...domain }: StoredGatewayDomain) => ({
  ...domain,
  status: "pending_dcv",
});

const domainNotFound = (name: string): never =>
  notFound(`The gateway has no custom domain with the hostname "${name}".`);
