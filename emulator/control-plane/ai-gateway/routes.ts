import { Hono } from "hono";
import { type GatewaySettings, gatewayDefaults } from "../../../protocol/gateway-settings.js";
import type { Gateway } from "../../state/gateway.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { pageOf, parseQuery } from "../list-query.js";
import { readJson } from "../read-body.js";
import { askedGateway } from "./asked-gateway.js";
import { gatewayListQuery, parseGatewaySettings, parseNewGateway } from "./schema.js";
import type { GatewayStore } from "./store.js";

/** Settings the API takes with a 200 and drops: a test aid. */
export interface IgnoredSettings {
  /** By POST and PUT. @default none */
  readonly always?: readonly (keyof GatewaySettings)[];
  /** By POST only, as older versions of the API do. @default none */
  readonly onPost?: readonly (keyof GatewaySettings)[];
}

export interface GatewayRoutesOptions {
  readonly gateways: GatewayStore;
  /** Where a gateway's provider answers on the data plane. */
  readonly gatewayUrl: (accountId: string, gatewayId: string, provider: string) => string;
  /** @default none */
  readonly ignoredSettings?: IgnoredSettings;
}

/**
 * Gateways, below `/accounts/:account/ai-gateway/gateways`.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/
 */
export function gatewayRoutes({
  gateways,
  gatewayUrl,
  ignoredSettings = {},
}: GatewayRoutesOptions): Hono {
  const routes = new Hono();
  const { always = [], onPost = [] } = ignoredSettings;
  // As an API that does not know the setting: neither kept nor shown.
  const render = (gateway: Gateway) => without(gateway, always);

  routes.post("/", async (c) => {
    const { id, settings } = parseNewGateway(await readJson(c.req.raw, "validation"));
    const kept = withDefault(settings, [...always, ...onPost]);
    return success(render(await gateways.create(id, kept)));
  });

  routes.get("/", (c) => {
    const query = parseQuery(gatewayListQuery, c.req.query());
    const found = gateways
      .list(c.req.param("account") ?? "")
      .filter(({ id }) => id.includes(query.search));
    return pageOf(found.map(render), query);
  });

  routes.get("/:gateway", (c) => success(render(askedGateway(gateways, c))));

  routes.put("/:gateway", async (c) => {
    const body = await readJson(c.req.raw, "validation");
    // An unknown gateway is told before a faulty body, as a client that lost it needs.
    const { id } = askedGateway(gateways, c);
    const kept = withDefault(parseGatewaySettings(id, body), always);
    return success(render(await gateways.update(id, kept)));
  });

  routes.delete("/:gateway", async (c) => {
    return success(render(await gateways.delete(c.req.param("gateway"))));
  });

  routes.get("/:gateway/url/:provider", (c) => {
    const { id } = askedGateway(gateways, c);
    const provider = c.req.param("provider");
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(provider)) {
      const message = `"${provider}" is no provider: lower-case words joined by hyphens.`;
      throw ApiError.of(400, "validation", message);
    }
    return success(gatewayUrl(c.req.param("account") ?? "", id, provider));
  });

  return routes;
}

function withDefault(
  settings: GatewaySettings,
  ignored: readonly (keyof GatewaySettings)[],
): GatewaySettings {
  const defaults = Object.entries(gatewayDefaults);
  return {
    ...settings,
    ...Object.fromEntries(defaults.filter(([key]) => (ignored as readonly string[]).includes(key))),
  };
}

function without(gateway: Gateway, keys: readonly string[]): Partial<Gateway> {
  return Object.fromEntries(Object.entries(gateway).filter(([key]) => !keys.includes(key)));
}
