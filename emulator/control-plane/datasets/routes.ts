import { randomUUID } from "node:crypto";
import type { StoredDataset } from "../../state/stored-gateway-resources.js";
import {
  type GatewayResourceOptions,
  type GatewayResourceRoutes,
  gatewayResourceRoutes,
} from "../ai-gateway/gateway-resource.js";
import { GatewayRows } from "../ai-gateway/gateway-rows.js";
import { quotableBody } from "../ai-gateway/quotable-body.js";
import { alreadyExists, notFound } from "../ai-gateway/refusals.js";
import { notEmulated } from "../api-error.js";
import { success } from "../envelope.js";
import { pageOf, parseQuery } from "../list-query.js";
import { timestamp } from "../product-options.js";
import { datasetBody, datasetQuery } from "./schema.js";

/**
 * Datasets of a gateway, below `…/gateways/:gateway/datasets`: filters over its log under a name. Cloudflare keeps
 * them for accounts that have some, and offers them to no new one.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/datasets/
 */
export function datasetRoutes({
  gateways,
  products,
  clock,
}: GatewayResourceOptions): GatewayResourceRoutes {
  const datasets = new GatewayRows(products.datasets, datasetNotFound);
  const routes = gatewayResourceRoutes(gateways);

  routes.post("/", async (c) => {
    const gateway_id = c.get("gatewayId");
    const given = await quotableBody(c, datasetBody);
    const now = timestamp(clock);
    const made = { id: randomUUID(), gateway_id, ...given, created_at: now, modified_at: now };
    return success(await datasets.add(gateway_id, (others) => named(made, others)));
  });

  routes.get("/", (c) => {
    const { enable, name, search, ...asked } = parseQuery(datasetQuery, c.req.query());
    // `name` was seen to find parts of names, too.
    const found = datasets
      .list(c.get("gatewayId"))
      .filter(
        (row) =>
          (enable === undefined || row.enable === enable) &&
          row.name.includes(name) &&
          textOf(row).includes(search),
      );
    return pageOf(found, asked);
  });

  routes.get("/:dataset", (c) =>
    success(datasets.find(c.get("gatewayId"), c.req.param("dataset"))),
  );

  routes.put("/:dataset", async (c) => {
    const { id, gateway_id } = datasets.find(c.get("gatewayId"), c.req.param("dataset"));
    const given = await quotableBody(c, datasetBody);
    const modified_at = timestamp(clock);
    return success(
      await datasets.change(gateway_id, id, (before, others) =>
        named({ ...before, ...given, modified_at }, others),
      ),
    );
  });

  routes.delete("/:dataset", async (c) => {
    const id = c.req.param("dataset");
    return success(
      await datasets.remove(c.get("gatewayId"), id, ({ products: { evaluations } }) => {
        const user = evaluations.find(({ dataset_ids }) => dataset_ids.includes(id));
        if (!user) return;
        throw notEmulated(
          `deleting a dataset that an evaluation has: what Cloudflare then shows of it is not known. Delete the evaluation "${user.name}" (${user.id}) first.`,
        );
      }),
    );
  });

  return routes;
}

/** What a search looks through. */
const textOf = ({ id, name, filters }: StoredDataset): string =>
  [id, name, JSON.stringify(filters)].join("\n");

/** The dataset, if no other one has its name. @throws {ApiError} 400/7001 */
function named(dataset: StoredDataset, others: readonly StoredDataset[]): StoredDataset {
  if (others.some(({ name }) => name === dataset.name)) {
    alreadyExists(`A dataset with the name "${dataset.name}"`);
  }
  return dataset;
}

/** @throws {ApiError} 404/7002 */
export const datasetNotFound = (id: string): never =>
  notFound(`The gateway has no dataset with the id "${id}".`);
