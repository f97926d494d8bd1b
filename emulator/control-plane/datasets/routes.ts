import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { StoredDataset } from "../../state/stored-gateway-resources.js";
import { ApiError, notEmulated, TakenError } from "../api-error.js";
import { askedGateway } from "../asked-gateway.js";
import { success } from "../envelope.js";
import type { GatewayResourceOptions } from "../gateway-resource-options.js";
import { pageOf, parseQuery } from "../list-query.js";
import { parse } from "../parse.js";
import { timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { datasetBody, datasetQuery } from "./schema.js";

/**
 * Datasets of a gateway, below `…/gateways/:gateway/datasets`: filters over its log under a name. Cloudflare keeps
 * them for accounts that have some, and offers them to no new one.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/datasets/
 */
export function datasetRoutes({ gateways, products, clock }: GatewayResourceOptions): Hono {
  const { datasets, evaluations } = products;
  const routes = new Hono();

  const body = async (request: Request) =>
    parse(datasetBody, await readJson(request, "validation"), "validation", { showValues: true });

  routes.post("/", async (c) => {
    const gateway_id = askedGateway(gateways, c).id;
    const given = await body(c.req.raw);
    const now = timestamp(clock);
    const made = { id: randomUUID(), gateway_id, ...given, created_at: now, modified_at: now };
    return success(await datasets.put((rows) => free(rows, made)));
  });

  routes.get("/", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const query = parseQuery(datasetQuery, c.req.query());
    // `name` was seen to find parts of names, too.
    const found = datasets
      .list()
      .filter(
        (row) =>
          row.gateway_id === gatewayId &&
          (query.enable === undefined || row.enable === query.enable) &&
          (query.name === undefined || row.name.includes(query.name)) &&
          (query.search === undefined || textOf(row).includes(query.search)),
      );
    return pageOf(found, query);
  });

  routes.get("/:dataset", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    return success(findDataset(datasets.list(), gatewayId, c.req.param("dataset")));
  });

  routes.put("/:dataset", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const id = c.req.param("dataset");
    findDataset(datasets.list(), gatewayId, id);
    const given = await body(c.req.raw);
    const now = timestamp(clock);
    return success(
      await datasets.put((rows) =>
        free(rows, { ...findDataset(rows, gatewayId, id), ...given, modified_at: now }),
      ),
    );
  });

  routes.delete("/:dataset", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const { id } = findDataset(datasets.list(), gatewayId, c.req.param("dataset"));
    const user = evaluations.list().find(({ dataset_ids }) => dataset_ids.includes(id));
    if (user) {
      throw notEmulated(
        `deleting a dataset that an evaluation has: what Cloudflare then shows of it is not known. Delete the evaluation "${user.name}" (${user.id}) first.`,
      );
    }
    return success(await datasets.remove(id, notFound));
  });

  return routes;
}

/** What a search looks through. */
const textOf = ({ id, name, filters }: StoredDataset): string =>
  [id, name, JSON.stringify(filters)].join("\n");

/** @throws {ApiError} 404/7002 */
export function findDataset(
  rows: readonly StoredDataset[],
  gatewayId: string,
  id: string,
): StoredDataset {
  return rows.find((row) => row.id === id && row.gateway_id === gatewayId) ?? notFound(id);
}

function free(rows: readonly StoredDataset[], dataset: StoredDataset): StoredDataset {
  const { id, gateway_id, name } = dataset;
  if (rows.some((row) => row.gateway_id === gateway_id && row.name === name && row.id !== id)) {
    throw TakenError.of(400, "validation", `A dataset with the name "${name}" already exists.`);
  }
  return dataset;
}

function notFound(id: string): never {
  throw ApiError.of(
    404,
    "notFound",
    "Not Found",
    `The gateway has no dataset with the id "${id}".`,
  );
}
