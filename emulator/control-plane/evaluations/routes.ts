import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { StoredEvaluation } from "../../state/stored-gateway-resources.js";
import {
  type GatewayResourceOptions,
  type GatewayResourceRoutes,
  gatewayResourceRoutes,
} from "../ai-gateway/gateway-resource.js";
import { GatewayRows } from "../ai-gateway/gateway-rows.js";
import { quotableBody } from "../ai-gateway/quotable-body.js";
import { alreadyExists, notFound } from "../ai-gateway/refusals.js";
import { ApiError } from "../api-error.js";
import { datasetNotFound } from "../datasets/routes.js";
import { success } from "../envelope.js";
import { pageOf, paging, parseQuery, queryFlag, searchText } from "../list-query.js";
import { timestamp } from "../product-options.js";
import { evaluationTypes } from "./evaluation-types.js";

const newEvaluation = z.strictObject({
  name: z.string().min(1),
  dataset_ids: z.array(z.string()).min(1),
  evaluation_type_ids: z.array(z.string()).min(1),
});

const listQuery = z.strictObject({
  ...paging,
  name: searchText,
  processed: queryFlag.optional(),
  search: searchText,
});

/**
 * Evaluations of a gateway, below `…/gateways/:gateway/evaluations`; there is no way to change one.
 *
 * They are kept and never processed: what Cloudflare writes into a result (`result` is a text, `status` a number)
 * is in no source, so `processed` stays false, `results` empty and `total_logs` 0.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/evaluations/
 */
export function evaluationRoutes({
  gateways,
  products,
  clock,
  log,
}: GatewayResourceOptions): GatewayResourceRoutes {
  const evaluations = new GatewayRows(products.evaluations, evaluationNotFound);
  const routes = gatewayResourceRoutes(gateways);

  const render = (
    { dataset_ids, evaluation_type_ids, ...row }: StoredEvaluation,
    account = "",
  ) => ({
    ...row,
    datasets: products.datasets
      .list()
      .filter(({ id }) => dataset_ids.includes(id))
      .map((dataset) => ({ ...dataset, account_id: account, account_tag: account })),
    processed: false,
    results: [],
    total_logs: 0,
  });

  routes.post("/", async (c) => {
    const gateway_id = c.get("gatewayId");
    const given = await quotableBody(c, newEvaluation);
    const now = timestamp(clock);
    const made = await evaluations.add(gateway_id, (others, { products: { datasets } }) => {
      const missing = given.dataset_ids.find(
        (id) => !datasets.some((row) => row.id === id && row.gateway_id === gateway_id),
      );
      if (missing !== undefined) datasetNotFound(missing);
      checkTypes(given.evaluation_type_ids);
      if (others.some(({ name }) => name === given.name)) {
        alreadyExists(`An evaluation with the name "${given.name}"`);
      }
      return { id: randomUUID(), gateway_id, ...given, created_at: now, modified_at: now };
    });
    log(`Evaluation "${made.name}": kept, but nothing evaluates it here; it stays unprocessed.`);
    return success(render(made, c.req.param("account")));
  });

  routes.get("/", (c) => {
    const { name, processed, search, ...asked } = parseQuery(listQuery, c.req.query());
    const found = evaluations
      .list(c.get("gatewayId"))
      .filter(
        (row) =>
          processed !== true &&
          row.name.includes(name) &&
          [row.id, row.name].some((text) => text.includes(search)),
      );
    return pageOf(
      found.map((row) => render(row, c.req.param("account"))),
      asked,
    );
  });

  routes.get("/:evaluation", (c) => {
    const row = evaluations.find(c.get("gatewayId"), c.req.param("evaluation"));
    return success(render(row, c.req.param("account")));
  });

  routes.delete("/:evaluation", async (c) => {
    const row = await evaluations.remove(c.get("gatewayId"), c.req.param("evaluation"));
    return success(render(row, c.req.param("account")));
  });

  return routes;
}

/** @throws {ApiError} 400/7001 */
function checkTypes(ids: readonly string[]): void {
  const unknown = ids.find((id) => !evaluationTypes.some((type) => type.id === id));
  if (unknown !== undefined) {
    throw ApiError.of(400, "validation", `There is no evaluation type with the id "${unknown}".`);
  }
  const missing = evaluationTypes.find(({ id, mandatory }) => mandatory && !ids.includes(id));
  if (missing) {
    const message = `The evaluation type "${missing.name}" (${missing.id}) is mandatory.`;
    throw ApiError.of(400, "validation", message);
  }
}

const evaluationNotFound = (id: string): never =>
  notFound(`The gateway has no evaluation with the id "${id}".`);
