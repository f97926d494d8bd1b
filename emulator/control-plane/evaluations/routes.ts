import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { StoredEvaluation } from "../../state/stored-gateway-resources.js";
import { ApiError, TakenError } from "../api-error.js";
import { askedGateway } from "../asked-gateway.js";
import { findDataset } from "../datasets/routes.js";
import { success } from "../envelope.js";
import type { GatewayResourceOptions } from "../gateway-resource-options.js";
import { pageOf, paging, parseQuery, queryFlag } from "../list-query.js";
import { parse } from "../parse.js";
import { timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { evaluationTypes } from "./evaluation-types.js";

const newEvaluation = z.strictObject({
  name: z.string().min(1),
  dataset_ids: z.array(z.string()).min(1),
  evaluation_type_ids: z.array(z.string()).min(1),
});

const listQuery = z.strictObject({
  ...paging,
  name: z.string().optional(),
  processed: queryFlag.optional(),
  search: z.string().optional(),
});

/**
 * Evaluations of a gateway, below `…/gateways/:gateway/evaluations`; there is no way to change one.
 *
 * They are kept and never processed: what Cloudflare writes into a result (`result` is a text, `status` a number)
 * is in no source, so `processed` stays false, `results` empty and `total_logs` 0.
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/subresources/evaluations/
 */
export function evaluationRoutes({ gateways, products, clock, log }: GatewayResourceOptions): Hono {
  const { evaluations, datasets } = products;
  const routes = new Hono();

  const find = (gatewayId: string, id: string): StoredEvaluation => {
    const row = evaluations.get(id);
    return row?.gateway_id === gatewayId ? row : notFound(id);
  };
  const render = (
    { dataset_ids, evaluation_type_ids, ...row }: StoredEvaluation,
    account = "",
  ) => ({
    ...row,
    datasets: datasets
      .list()
      .filter(({ id }) => dataset_ids.includes(id))
      .map((dataset) => ({ ...dataset, account_id: account, account_tag: account })),
    processed: false,
    results: [],
    total_logs: 0,
  });

  routes.post("/", async (c) => {
    const gateway_id = askedGateway(gateways, c).id;
    const body = await readJson(c.req.raw, "validation");
    const given = parse(newEvaluation, body, "validation", { showValues: true });
    for (const id of given.dataset_ids) findDataset(datasets.list(), gateway_id, id);
    checkTypes(given.evaluation_type_ids);
    const now = timestamp(clock);
    const made = await evaluations.put((rows) => {
      if (rows.some((row) => row.gateway_id === gateway_id && row.name === given.name)) {
        const message = `An evaluation with the name "${given.name}" already exists.`;
        throw TakenError.of(400, "validation", message);
      }
      return { id: randomUUID(), gateway_id, ...given, created_at: now, modified_at: now };
    });
    log(`Evaluation "${made.name}": kept, but nothing evaluates it here; it stays unprocessed.`);
    return success(render(made, c.req.param("account")));
  });

  routes.get("/", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const query = parseQuery(listQuery, c.req.query());
    const found = evaluations
      .list()
      .filter(
        (row) =>
          row.gateway_id === gatewayId &&
          query.processed !== true &&
          (query.name === undefined || row.name.includes(query.name)) &&
          (query.search === undefined ||
            [row.id, row.name].some((text) => text.includes(query.search ?? ""))),
      );
    return pageOf(
      found.map((row) => render(row, c.req.param("account"))),
      query,
    );
  });

  routes.get("/:evaluation", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    return success(render(find(gatewayId, c.req.param("evaluation")), c.req.param("account")));
  });

  routes.delete("/:evaluation", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const { id } = find(gatewayId, c.req.param("evaluation"));
    return success(render(await evaluations.remove(id, notFound), c.req.param("account")));
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

function notFound(id: string): never {
  throw ApiError.of(
    404,
    "notFound",
    "Not Found",
    `The gateway has no evaluation with the id "${id}".`,
  );
}
