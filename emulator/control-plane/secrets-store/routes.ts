import { Hono } from "hono";
import { randomHex } from "../../ids.js";
import type { StoredSecretStore } from "../../state/stored-products.js";
import { ApiError, missing, TakenError } from "../api-error.js";
import { success } from "../envelope.js";
import { listPage, pageOf } from "../list-query.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { refreshReaders } from "./refresh-readers.js";
import {
  parseForce,
  parseNewSecrets,
  parseNewStore,
  parseSecretEdit,
  parseSecretQuery,
} from "./schema.js";

/** Stores an account may have. */
const MAX_STORES = 1;

type StoredSecret = StoredSecretStore["secrets"][number];

/**
 * Secrets Store, below `/accounts/:account/secrets_store/stores`. Values go in, are sealed on disk,
 * and come out in a Worker only.
 * @see https://developers.cloudflare.com/api/resources/secrets_store/
 */
export function secretsStoreRoutes(options: ProductOptions): Hono {
  const { products, scripts, clock } = options;
  const stores = products.secretStores;
  const routes = new Hono();

  const find = (id: string): StoredSecretStore => stores.get(id) ?? storeNotFound(id);

  /** @param change gives what the secret is from now on; nothing removes it. */
  const changeSecret = (
    storeId: string,
    secretId: string,
    change: (secret: StoredSecret) => StoredSecret | undefined,
  ): Promise<StoredSecretStore> =>
    stores.change(storeId, storeNotFound, (store) => {
      const before = findSecret(store, secretId);
      const secrets = store.secrets.flatMap((secret) =>
        secret === before ? (change(secret) ?? []) : secret,
      );
      return { ...store, secrets };
    });

  routes.get("/", (c) => listPage(stores.list().map(renderStore), c.req.query(), "secretsStore"));

  routes.post("/", async (c) => {
    const { name, inList } = parseNewStore(await readJson(c.req.raw, "secretsStore"));
    const now = timestamp(clock);
    const id = randomHex(16);
    const store = await stores.put((rows) => {
      if (rows.length >= MAX_STORES) {
        const hint = `An account has ${MAX_STORES} store; "${rows[0]?.name}" is there.`;
        throw TakenError.of(400, "secretsStoreTaken", "maximum_stores_exceeded", hint);
      }
      return { id, name, created: now, modified: now, secrets: [] };
    });
    return success(inList ? [renderStore(store)] : renderStore(store));
  });

  routes.get("/:store", (c) => success(renderStore(find(c.req.param("store")))));

  routes.delete("/:store", async (c) => {
    const store = await stores.remove(c.req.param("store"), storeNotFound, ({ name, secrets }) => {
      if (secrets.length === 0 || parseForce(c.req.query())) return;
      const hint = `"${name}" holds ${secrets.length} secrets; delete them, or ask with force=true.`;
      throw ApiError.of(409, "secretsStore", "store_not_empty", hint);
    });
    await refreshReaders(options, store.id);
    return success(renderStore(store));
  });

  routes.get("/:store/secrets", (c) => {
    const { id, secrets } = find(c.req.param("store"));
    const asked = parseSecretQuery(c.req.query());
    return pageOf(
      listed(secrets, asked).map((secret) => renderSecret(id, secret)),
      asked,
    );
  });

  routes.post("/:store/secrets", async (c) => {
    const { id } = find(c.req.param("store"));
    const given = parseNewSecrets(await readJson(c.req.raw, "secretsStore"));
    const now = timestamp(clock);
    const added = given.map(({ value, ...secret }) => ({
      ...secret,
      id: randomHex(16),
      sealed: scripts.sealStoreSecret(id, secret.name, value),
      created: now,
      modified: now,
    }));
    await stores.change(id, storeNotFound, (store) => {
      const secrets = [...store.secrets, ...added];
      const names = secrets.map(({ name }) => name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) {
        const hint = `The store has a secret with the name "${twice}".`;
        throw TakenError.ofAdopted(400, "secretsStoreTaken", "secret_name_already_exists", hint);
      }
      return { ...store, secrets, modified: now };
    });
    await refreshReaders(options, id);
    return success(added.map((secret) => renderSecret(id, secret)));
  });

  routes.get("/:store/secrets/:secret", (c) => {
    const store = find(c.req.param("store"));
    return success(renderSecret(store.id, findSecret(store, c.req.param("secret"))));
  });

  routes.patch("/:store/secrets/:secret", async (c) => {
    const { id } = find(c.req.param("store"));
    const secretId = c.req.param("secret");
    findSecret(find(id), secretId);
    const { value, ...given } = parseSecretEdit(await readJson(c.req.raw, "secretsStore"));
    const modified = timestamp(clock);
    const store = await changeSecret(id, secretId, (secret) => ({
      ...secret,
      ...(given.scopes === undefined ? {} : { scopes: given.scopes }),
      ...(given.comment === undefined ? {} : { comment: given.comment }),
      ...(value === undefined ? {} : { sealed: scripts.sealStoreSecret(id, secret.name, value) }),
      modified,
    }));
    await refreshReaders(options, id);
    return success(renderSecret(id, findSecret(store, secretId)));
  });

  routes.delete("/:store/secrets/:secret", async (c) => {
    const { id } = find(c.req.param("store"));
    await changeSecret(id, c.req.param("secret"), () => undefined);
    await refreshReaders(options, id);
    return success(null);
  });

  return routes;
}

function listed(
  secrets: readonly StoredSecret[],
  { search, order, direction }: ReturnType<typeof parseSecretQuery>,
): readonly StoredSecret[] {
  const found = secrets.filter(({ name, comment }) => `${name}\n${comment}`.includes(search));
  // All are active: by status is as they were made.
  if (order !== undefined && order !== "status") {
    found.sort((a, b) => (a[order] < b[order] ? -1 : a[order] > b[order] ? 1 : 0));
  }
  return direction === "desc" ? found.reverse() : found;
}

function renderStore({ secrets, ...store }: StoredSecretStore): Record<string, unknown> {
  return store;
}

/** Never with the value, sealed or not. */
function renderSecret(storeId: string, { sealed, ...secret }: StoredSecret) {
  return { ...secret, store_id: storeId, status: "active" };
}

function findSecret(store: StoredSecretStore, id: string): StoredSecret {
  const secret = store.secrets.find((one) => one.id === id);
  if (secret) return secret;
  const hint = `The store "${store.name}" has no secret with the id "${id}".`;
  throw ApiError.of(404, "secretsStore", "secret_not_found", hint);
}

const storeNotFound = missing(
  "secretsStore",
  "store_not_found",
  (id) =>
    `The emulator has no Secrets Store with the id "${id}". GET /accounts/{account}/secrets_store/stores lists ` +
    'the one it has; POST there with [{"name":"main"}] makes one where there is none, as after `rm -rf .emulator`.',
);
