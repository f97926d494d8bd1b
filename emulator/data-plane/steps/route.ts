import { type GatewayErrorFacts, gatewayErrors } from "../../../protocol/gateway-errors.js";
import type { Upstreams } from "../../upstreams/create-upstreams.js";
import { isCustomSlug } from "../../upstreams/custom-upstreams.js";
import { isProviderSlug } from "../../upstreams/providers.js";
import type { Upstream } from "../../upstreams/upstream.js";
import type { GatewayItem } from "../gateway-request.js";

/** Where an item goes, and as what. */
export interface Route {
  /** The provider's slug. */
  readonly provider: string;
  readonly upstream: Upstream;
  readonly path: string;
  readonly body: Buffer;
}

export type RouteRefusal = GatewayErrorFacts;

/** Finds the provider of an item; `compat` names it in the body's model, `{provider}/{model}`. */
export function route(item: GatewayItem, upstreams: Upstreams): Route | RouteRefusal {
  if (item.provider === "compat") return routeCompat(item, upstreams);
  const upstream = findUpstream(item.provider, upstreams);
  if ("code" in upstream) return upstream;
  return { provider: item.provider, upstream, path: item.path, body: item.body };
}

function routeCompat(item: GatewayItem, upstreams: Upstreams): Route | RouteRefusal {
  if (item.path !== "chat/completions" || item.method !== "POST") {
    return notEmulated(`${item.method} compat/${item.path}; POST compat/chat/completions is`);
  }
  let input: Record<string, unknown> | null;
  try {
    input = JSON.parse(item.body.toString("utf8"));
  } catch {
    input = null;
  }
  const [, provider, model] = /^([^/]+)\/(.+)$/s.exec(String(input?.model)) ?? [];
  if (!provider || !model) {
    return {
      ...gatewayErrors["bad-request"],
      message:
        'The body has no "model" of the form {provider}/{model}, such as "workers-ai/@cf/meta/llama-3.1-8b-instruct".',
    };
  }
  if (provider === "dynamic") return dynamicRouteRefusal(model);
  if (provider === "cloudflare") {
    return notEmulated(`the model "${provider}/${model}"; a model of a provider is`);
  }
  const upstream = findUpstream(provider, upstreams);
  if ("code" in upstream) return upstream;
  const body = Buffer.from(JSON.stringify({ ...input, model }));
  return { provider, upstream, path: "v1/chat/completions", body };
}

function findUpstream(slug: string, upstreams: Upstreams): Upstream | RouteRefusal {
  const upstream = upstreams.get(slug);
  if (upstream) return upstream;
  if (isCustomSlug(slug)) {
    return notEmulated(
      `what Cloudflare answers for "${slug}", while the account has no enabled custom provider "${slug.slice("custom-".length)}"`,
    );
  }
  if (!isProviderSlug(slug)) return gatewayErrors["invalid-provider"];
  return {
    ...gatewayErrors["not-emulated"],
    message: `The emulator has no upstream for the provider "${slug}". Configure its base URL (upstreams: { "${slug}": { baseUrl } }), or use "workers-ai", whose answers are scripted.`,
  };
}

/** Nothing could pass "as if the route were off": it is what says which model is asked. */
export const dynamicRouteRefusal = (name: string): RouteRefusal => ({
  ...gatewayErrors["not-emulated"],
  message:
    `Not emulated: the model "dynamic/${name}". Routes are kept here, and none is run: ask one of its models ` +
    'itself, such as "workers-ai/@cf/meta/llama-3.1-8b-instruct" at compat/chat/completions, or try the route on Cloudflare.',
});

const notEmulated = (what: string): RouteRefusal => ({
  ...gatewayErrors["not-emulated"],
  message: `Not emulated: ${what.replace(/; (.*) is$/s, " (emulated: $1)")}.`,
});
