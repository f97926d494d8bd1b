import { Hono } from "hono";
import { randomHex } from "../../ids.js";
import type { StoredKvNamespace } from "../../state/stored-products.js";
import { missing, TakenError } from "../api-error.js";
import { success } from "../envelope.js";
import { listPage } from "../list-query.js";
import type { ProductOptions } from "../product-options.js";
import { readJson } from "../read-body.js";
import { parseTitle } from "./schema.js";

/**
 * Workers KV namespaces, below `/accounts/:account/storage/kv/namespaces`. Keys and values are not
 * here: Workers read and write them.
 * @see https://developers.cloudflare.com/api/resources/kv/
 */
export function kvRoutes({ products, dropStorage }: ProductOptions): Hono {
  const namespaces = products.kvNamespaces;
  const routes = new Hono();

  const find = (id: string): StoredKvNamespace => namespaces.get(id) ?? notFound(id);

  routes.get("/", (c) => listPage(namespaces.list().map(render), c.req.query(), "kvTitleMissing"));

  routes.post("/", async (c) => {
    const title = parseTitle(await readJson(c.req.raw, "kvTitleMissing"));
    const made = { id: randomHex(16), title };
    return success(render(await namespaces.put((rows) => titled(made, rows))));
  });

  routes.get("/:namespace", (c) => success(render(find(c.req.param("namespace")))));

  routes.put("/:namespace", async (c) => {
    const { id } = find(c.req.param("namespace"));
    const title = parseTitle(await readJson(c.req.raw, "kvTitleMissing"));
    return success(
      render(await namespaces.change(id, notFound, (_, rows) => titled({ id, title }, rows))),
    );
  });

  routes.delete("/:namespace", async (c) => {
    const { id } = await namespaces.remove(c.req.param("namespace"), notFound);
    await dropStorage("kv", id);
    return success({});
  });

  return routes;
}

/** The namespace, if no other one has its title. @throws {ApiError} 400/10014 */
function titled(
  namespace: StoredKvNamespace,
  rows: readonly StoredKvNamespace[],
): StoredKvNamespace {
  if (rows.some(({ id, title }) => title === namespace.title && id !== namespace.id)) {
    const message = "a namespace with this account ID and title already exists";
    throw TakenError.of(400, "kvTitleTaken", message);
  }
  return namespace;
}

const render = (namespace: StoredKvNamespace) => ({ ...namespace, supports_url_encoding: true });

const notFound = missing(
  "kvNamespaceNotFound",
  "namespace not found",
  (id) => `The emulator has no KV namespace with the id "${id}".`,
);
