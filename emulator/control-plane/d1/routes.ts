import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { StoredD1Database } from "../../state/stored-products.js";
import { ApiError, TakenError } from "../api-error.js";
import { success } from "../envelope.js";
import { listPage } from "../list-query.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { parseDatabase, parseDatabasePatch, parseNewDatabase } from "./schema.js";

/**
 * D1 databases, below `/accounts/:account/d1/database`. Queries are not here: Workers make them.
 * @see https://developers.cloudflare.com/api/resources/d1/
 */
export function d1Routes({ products, dropStorage, clock }: ProductOptions): Hono {
  const databases = products.d1Databases;
  const routes = new Hono();

  const find = (id: string): StoredD1Database => databases.get(id) ?? notFound(id);

  const replicate = (
    id: string,
    readReplication: StoredD1Database["read_replication"] | undefined,
  ): Promise<StoredD1Database> =>
    databases.change(id, notFound, (before) =>
      readReplication ? { ...before, read_replication: readReplication } : before,
    );

  routes.get("/", (c) => {
    const { name } = c.req.query();
    const found = databases.list().filter((row) => name === undefined || row.name === name);
    return listPage(found.map(render), c.req.query(), "d1Invalid");
  });

  routes.post("/", async (c) => {
    const given = parseNewDatabase(await readJson(c.req.raw, "d1Invalid"));
    const uuid = randomUUID();
    const database = await databases.put((rows) => {
      if (rows.some(({ name }) => name === given.name)) {
        const message = `Database with name '${given.name}' already exists.`;
        throw TakenError.of(400, "d1NameTaken", message);
      }
      return {
        uuid,
        name: given.name,
        jurisdiction: given.jurisdiction ?? null,
        primary_location_hint: given.primary_location_hint ?? null,
        read_replication: given.read_replication ?? { mode: "disabled" },
        created_at: timestamp(clock),
      };
    });
    return success(render(database));
  });

  routes.get("/:database", (c) => success(render(find(c.req.param("database")))));

  routes.put("/:database", async (c) => {
    const { uuid } = find(c.req.param("database"));
    const given = parseDatabase(await readJson(c.req.raw, "d1Invalid"));
    return success(render(await replicate(uuid, given.read_replication)));
  });

  routes.patch("/:database", async (c) => {
    const { uuid } = find(c.req.param("database"));
    const given = parseDatabasePatch(await readJson(c.req.raw, "d1Invalid"));
    return success(render(await replicate(uuid, given.read_replication)));
  });

  routes.delete("/:database", async (c) => {
    const { uuid } = await databases.remove(c.req.param("database"), notFound);
    await dropStorage("d1", uuid);
    return success(null);
  });

  return routes;
}

/**
 * `read_replication` is shown although nobody set it, as Cloudflare does. Size and tables are known
 * to workerd only.
 */
function render({ uuid, name, created_at, read_replication, jurisdiction }: StoredD1Database) {
  return {
    uuid,
    name,
    version: "production",
    created_at,
    read_replication,
    num_tables: null,
    file_size: null,
    jurisdiction,
  };
}

function notFound(id: string): never {
  const message = `The database ${id} could not be found`;
  throw ApiError.of(404, "d1NotFound", message, `The emulator has no D1 database "${id}".`);
}
