import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { randomHex } from "../../ids.js";
import type { StoredProviderConfig, StoredSecretStore } from "../../state/stored-products.js";
import { findGateway } from "../ai-gateway/routes.js";
import { paging } from "../ai-gateway/schema.js";
import type { GatewayStore } from "../ai-gateway/store.js";
import { ApiError, TakenError } from "../api-error.js";
import { page, success } from "../envelope.js";
import { parse } from "../parse.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { type NewProviderConfig, parseProviderConfig } from "./schema.js";

export interface ProviderConfigRoutesOptions
  extends Pick<ProductOptions, "products" | "scripts" | "clock"> {
  readonly gateways: GatewayStore;
}

/**
 * Providers' keys, below `/accounts/:account/ai-gateway/gateways/:gateway/provider_configs`. The API
 * has no way to read or to change one: only to list, make and delete them.
 * @see https://developers.cloudflare.com/ai-gateway/configuration/bring-your-own-keys/
 */
export function providerConfigRoutes(options: ProviderConfigRoutesOptions): Hono {
  const { products, gateways, clock } = options;
  const configs = products.providerConfigs;
  const routes = new Hono();

  // What a gateway had goes with it. No source says what Cloudflare does.
  gateways.subscribe(({ type, gateway }) => {
    if (type !== "deleted") return;
    for (const { id } of configs.list().filter((one) => one.gateway_id === gateway.id)) {
      configs.remove(id, configNotFound).catch((error: Error) => process.emitWarning(error));
    }
  });

  routes.get("/", (c) => {
    const query = parse(listQuery, c.req.query(), "validation", {
      root: "query",
      showValues: true,
    });
    // Cloudflare was seen to answer an empty list for a gateway that is not there.
    const found = configs.list().filter((one) => one.gateway_id === c.req.param("gateway"));
    const { items, info } = page(found, { page: query.page, perPage: query.per_page });
    return success(items.map(render), 200, info);
  });

  routes.post("/", async (c) => {
    const gateway = findGateway(gateways, c.req.param("account"), c.req.param("gateway") ?? "");
    const { secret, secret_id, ...given } = parseProviderConfig(
      await readJson(c.req.raw, "validation"),
    );
    refuseTaken(configs.list(), gateway.id, given);
    const store = products.secretStores.get(gateway.store_id) ?? noStore(gateway.id);
    const name = `${gateway.id}_${given.provider_slug}_${given.alias}`;
    const config: StoredProviderConfig = {
      ...given,
      id: randomUUID(),
      gateway_id: gateway.id,
      secret_id:
        secret === undefined
          ? findSecret(store, secret_id ?? "", name)
          : await addSecret(options, store.id, name, secret),
      modified_at: timestamp(clock),
    };
    await configs.put((rows) => {
      refuseTaken(rows, gateway.id, given);
      return config;
    });
    return success(render(config));
  });

  routes.delete("/:config", async (c) => {
    const found = configs.get(c.req.param("config"));
    if (found?.gateway_id !== c.req.param("gateway")) configNotFound(c.req.param("config"));
    return success(render(await configs.remove(c.req.param("config"), configNotFound)));
  });

  return routes;
}

const listQuery = z.strictObject(paging);

/** One key per gateway, provider and alias. Of several defaults no source says anything: they are taken. */
function refuseTaken(
  rows: readonly StoredProviderConfig[],
  gatewayId: string,
  { provider_slug, alias }: Pick<NewProviderConfig, "provider_slug" | "alias">,
): void {
  const taken = rows.some(
    (row) =>
      row.gateway_id === gatewayId && row.provider_slug === provider_slug && row.alias === alias,
  );
  if (!taken) return;
  const message = `A provider config for "${provider_slug}" with the alias "${alias}" already exists.`;
  throw TakenError.of(400, "validation", message);
}

/** The id of a secret that may be used: of the gateway's store, with the scope, under the very name. */
function findSecret({ name: store, secrets }: StoredSecretStore, id: string, name: string): string {
  const secret = secrets.find((one) => one.id === id);
  if (secret?.name === name && secret.scopes.includes("ai_gateway")) return id;
  const hint =
    `The secret must be in the store "${store}" of the gateway, have the scope "ai_gateway" and the name "${name}"` +
    (secret === undefined ? "." : `; it is "${secret.name}" for ${secret.scopes.join(", ")}.`);
  throw ApiError.of(400, "validation", `The secret "${id}" was not found.`, hint);
}

/** Makes the secret of a key that was sent along, by the name it would have had to have. */
async function addSecret(
  { products, scripts, clock }: ProviderConfigRoutesOptions,
  storeId: string,
  name: string,
  value: string,
): Promise<string> {
  const id = randomHex(16);
  const now = timestamp(clock);
  const sealed = scripts.sealStoreSecret(storeId, name, value);
  await products.secretStores.put((rows) => {
    const store = rows.find((row) => row.id === storeId);
    if (!store) throw ApiError.of(404, "validation", `The store "${storeId}" was not found.`);
    if (store.secrets.some((one) => one.name === name)) {
      throw TakenError.of(400, "validation", `A secret with the name "${name}" already exists.`);
    }
    const scopes = ["ai_gateway"];
    const secret = { id, name, scopes, comment: "", sealed, created: now, modified: now };
    return { ...store, secrets: [...store.secrets, secret] };
  });
  return id;
}

/** `default_config` comes as 0 or 1, as it was seen live; the preview tells nothing of the key here. */
function render({ default_config, ...config }: StoredProviderConfig): Record<string, unknown> {
  return { ...config, default_config: default_config ? 1 : 0, secret_preview: "****" };
}

function configNotFound(id: string): never {
  const hint = `The gateway has no provider config with the id "${id}".`;
  throw ApiError.of(404, "notFound", "Not Found", hint);
}

/** No source gives the words. */
function noStore(gatewayId: string): never {
  const message = `The Secrets Store of the gateway "${gatewayId}" was not found.`;
  const hint = "Set the gateway's store_id to the id of a Secrets Store first.";
  throw ApiError.of(400, "validation", message, hint);
}
