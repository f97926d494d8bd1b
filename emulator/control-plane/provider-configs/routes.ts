import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { randomHex } from "../../ids.js";
import type { StoredProviderConfig, StoredSecretStore } from "../../state/stored-products.js";
import { askedGateway } from "../ai-gateway/asked-gateway.js";
import { GatewayRows } from "../ai-gateway/gateway-rows.js";
import { alreadyExists, gatewayNotFound, notFound } from "../ai-gateway/refusals.js";
import type { GatewayStore } from "../ai-gateway/store.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { pageOf, paging, parseQuery } from "../list-query.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { refreshReaders } from "../secrets-store/refresh-readers.js";
import { type NewProviderConfig, parseProviderConfig } from "./schema.js";

export interface ProviderConfigRoutesOptions
  extends Pick<ProductOptions, "products" | "scripts" | "deployments" | "clock"> {
  readonly gateways: GatewayStore;
}

/**
 * Providers' keys, below `/accounts/:account/ai-gateway/gateways/:gateway/provider_configs`. The API
 * has no way to read or to change one: only to list, make and delete them.
 * @see https://developers.cloudflare.com/ai-gateway/configuration/bring-your-own-keys/
 */
export function providerConfigRoutes(options: ProviderConfigRoutesOptions): Hono {
  const { products, scripts, gateways, clock } = options;
  const configs = new GatewayRows(products.providerConfigs, configNotFound);
  const routes = new Hono();

  routes.get("/", (c) => {
    const query = parseQuery(listQuery, c.req.query());
    // Cloudflare was seen to answer an empty list for a gateway that is not there.
    return pageOf(configs.list(c.req.param("gateway") ?? "").map(render), query);
  });

  routes.post("/", async (c) => {
    const { id: gatewayId } = askedGateway(gateways, c);
    const given = parseProviderConfig(await readJson(c.req.raw, "validation"));
    const now = timestamp(clock);
    const fresh = { secret: randomHex(16), config: randomUUID() };
    const { config, storeId } = await products.change((state) => {
      const gateway = state.gateways.get(gatewayId) ?? gatewayNotFound(gatewayId);
      refuseTaken(state.products.provider_configs, gatewayId, given);
      const store =
        state.products.secret_stores.find(({ id }) => id === gateway.store_id) ??
        noStore(gatewayId);
      const { secret, secret_id = "", ...settings } = given;
      const name = `${gatewayId}_${given.provider_slug}_${given.alias}`;
      const seal = (value: string) => scripts.sealStoreSecret(store.id, name, value);
      const next =
        secret === undefined
          ? store
          : withSecret(store, { id: fresh.secret, name, sealed: seal(secret), now });
      const made: StoredProviderConfig = {
        ...settings,
        id: fresh.config,
        gateway_id: gatewayId,
        secret_id:
          secret === undefined
            ? findSecret(store, secret_id, name)
            : (next.secrets.find((one) => one.name === name)?.id ?? fresh.secret),
        modified_at: now,
      };
      return [
        {
          ...state.products,
          secret_stores: state.products.secret_stores.map((one) => (one === store ? next : one)),
          provider_configs: [...state.products.provider_configs, made],
        },
        { config: made, storeId: store.id },
      ];
    });
    if (given.secret !== undefined) await refreshReaders(options, storeId);
    return success(render(config));
  });

  routes.delete("/:config", async (c) => {
    const gatewayId = c.req.param("gateway") ?? "";
    return success(render(await configs.remove(gatewayId, c.req.param("config"))));
  });

  return routes;
}

/** What lets AI Gateway at a secret. */
const SCOPE = "ai_gateway";

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
  if (taken) alreadyExists(`A provider config for "${provider_slug}" with the alias "${alias}"`);
}

/** The id of a secret that may be used: of the gateway's store, with the scope, under the very name. */
function findSecret({ name: store, secrets }: StoredSecretStore, id: string, name: string): string {
  const secret = secrets.find((one) => one.id === id);
  if (secret?.name === name && secret.scopes.includes(SCOPE)) return id;
  const hint =
    `The secret must be in the store "${store}" of the gateway, have the scope "${SCOPE}" and the name "${name}"` +
    (secret === undefined ? "." : `; it is "${secret.name}" for ${secret.scopes.join(", ")}.`);
  throw ApiError.of(400, "validation", `The secret "${id}" was not found.`, hint);
}

interface SentSecret {
  readonly id: string;
  readonly name: string;
  readonly sealed: string;
  readonly now: string;
}

/**
 * The store with a key that was sent along, by the name its secret would have had to have. One of that name, which a
 * deleted config leaves behind, gets the new value: there is no other way to change a key.
 */
function withSecret(
  store: StoredSecretStore,
  { id, name, sealed, now }: SentSecret,
): StoredSecretStore {
  const before = store.secrets.find((one) => one.name === name);
  if (before) {
    const scopes = [...new Set([...before.scopes, SCOPE])];
    const after = { ...before, scopes, sealed, modified: now };
    return { ...store, secrets: store.secrets.map((one) => (one === before ? after : one)) };
  }
  const secret = { id, name, scopes: [SCOPE], comment: "", sealed, created: now, modified: now };
  return { ...store, secrets: [...store.secrets, secret], modified: now };
}

/** `default_config` comes as 0 or 1, as it was seen live; the preview tells nothing of the key here. */
function render({ default_config, ...config }: StoredProviderConfig): Record<string, unknown> {
  return { ...config, default_config: default_config ? 1 : 0, secret_preview: "****" };
}

const configNotFound = (id: string): never =>
  notFound(`The gateway has no provider config with the id "${id}".`);

/** No source gives the words. */
function noStore(gatewayId: string): never {
  const message = `The Secrets Store of the gateway "${gatewayId}" was not found.`;
  const hint = "Set the gateway's store_id to the id of a Secrets Store first.";
  throw ApiError.of(400, "validation", message, hint);
}
