import { UNKNOWN } from "../core/cty-value.js";
import { crudResource } from "./crud-resource.js";
import {
  queueConsumerSchema,
  queueSchema,
  workersCustomDomainSchema,
  workersRouteSchema,
  workflowSchema,
} from "./product-schemas.js";
import { accountPath, zonePath } from "./resource-path.js";

/** `cloudflare_queue`. */
export const queue = crudResource({
  schema: queueSchema,
  title: "queue",
  inPath: ["account_id"],
  idFrom: "queue_id",
  createMethod: "POST",
  collection: accountPath("queues"),
  item: accountPath("queues", "{queue_id}"),
  repair: (state) => ({
    ...state,
    consumers_total_count: state.consumers_total_count ?? 0,
    producers_total_count: state.producers_total_count ?? 0,
  }),
  importId: ["account_id", "queue_id"],
});

/**
 * `cloudflare_queue_consumer`. The API answers `script` for `script_name` and every setting there is,
 * so the next plan has a difference; and any difference replaces it, for its id is planned anew.
 */
export const queueConsumer = crudResource({
  schema: queueConsumerSchema,
  title: "queue consumer",
  inPath: ["account_id", "queue_id"],
  notRefreshed: ["dead_letter_queue"],
  createMethod: "POST",
  collection: accountPath("queues", "{queue_id}", "consumers"),
  item: accountPath("queues", "{queue_id}", "consumers", "{consumer_id}"),
  adjustPlan: ({ prior, planned }) =>
    prior && planned.consumer_id === UNKNOWN
      ? { planned, requiresReplace: ["consumer_id"] }
      : undefined,
});

/** `cloudflare_workflow`. */
export const workflow = crudResource({
  schema: workflowSchema,
  title: "Workflow",
  inPath: ["account_id", "workflow_name"],
  notRefreshed: ["is_deleted", "terminator_running", "version_id"],
  times: ["created_on", "modified_on", "triggered_on"],
  idFrom: "name",
  createMethod: "PUT",
  collection: accountPath("workflows", "{workflow_name}"),
  item: accountPath("workflows", "{workflow_name}"),
  importId: ["account_id", "workflow_name"],
});

/** `cloudflare_workers_route`. */
export const workersRoute = crudResource({
  schema: workersRouteSchema,
  title: "route",
  inPath: ["zone_id"],
  createMethod: "POST",
  collection: zonePath("workers", "routes"),
  item: zonePath("workers", "routes", "{id}"),
  importId: ["zone_id", "id"],
});

/** `cloudflare_workers_custom_domain`. Without `environment` every plan replaces it. */
export const workersCustomDomain = crudResource({
  schema: workersCustomDomainSchema,
  title: "custom domain",
  inPath: ["account_id"],
  createMethod: "PUT",
  collection: accountPath("workers", "domains"),
  item: accountPath("workers", "domains", "{id}"),
  importId: ["account_id", "id"],
});
