import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { StoredWorkflow } from "../../state/stored-products.js";
import { missing } from "../api-error.js";
import { success } from "../envelope.js";
import { listPage } from "../list-query.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { findScript } from "../workers/deployments.js";
import { parseWorkflow, parseWorkflowName } from "./schema.js";

/**
 * Workflows, below `/accounts/:account/workflows`: which class of which Worker has the name. Instances
 * are not here: Workers make and ask them through their binding, which runs the class it names.
 * @see https://developers.cloudflare.com/api/resources/workflows/
 */
export function workflowRoutes({ products, scripts, dropStorage, clock }: ProductOptions): Hono {
  const { workflows } = products;
  const routes = new Hono();

  const find = (name: string): StoredWorkflow => workflows.get(name) ?? notFound(name);

  routes.get("/", (c) => listPage(workflows.list().map(render), c.req.query(), "workflowInvalid"));

  routes.put("/:workflow", async (c) => {
    const name = parseWorkflowName(c.req.param("workflow"));
    const { limits, ...given } = parseWorkflow(await readJson(c.req.raw, "workflowInvalid"));
    findScript(scripts, given.script_name);
    const id = randomUUID();
    const version_id = randomUUID();
    const now = timestamp(clock);
    await dropStorage("workflow", name);
    const workflow = await workflows.put((rows) => {
      const before = rows.find((row) => row.name === name);
      return {
        ...given,
        name,
        id: before?.id ?? id,
        version_id,
        limits: limits ?? null,
        created_on: before?.created_on ?? now,
        modified_on: now,
      };
    });
    return success(render(workflow));
  });

  routes.get("/:workflow", (c) => success(render(find(c.req.param("workflow")))));

  routes.delete("/:workflow", async (c) => {
    const { name } = await workflows.remove(c.req.param("workflow"), notFound);
    await dropStorage("workflow", name);
    return success({ status: "ok", success: true });
  });

  return routes;
}

/** Without counts of instances: only workerd has them. */
function render({ limits, ...workflow }: StoredWorkflow): Record<string, unknown> {
  return { ...workflow, triggered_on: null, ...(limits ? { limits } : {}) };
}

const notFound = missing(
  "workflowNotFound",
  "workflow.not_found",
  (name) => `The emulator has no Workflow with the name "${name}".`,
);
