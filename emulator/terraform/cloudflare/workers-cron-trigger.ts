import { isObjectValue, type ObjectValue, type Value } from "../core/cty-value.js";
import type { JsonObject } from "../core/exact-json.js";
import type {
  ApplyInput,
  ResourceContext,
  ResourceDefinition,
} from "../core/provider-definition.js";
import { type CloudflareClient, importPath, scriptPath } from "./cloudflare-client.js";
import { attributeFromJson, withoutNulls } from "./json-attributes.js";
import { workersCronTriggerSchema } from "./product-schemas.js";

type Context = ResourceContext<CloudflareClient>;

/**
 * `cloudflare_workers_cron_trigger`. With the real 5.14.0 a destroy sends nothing, so the crons go on,
 * and a refresh does not see that somebody changed them.
 */
export const workersCronTrigger: ResourceDefinition<CloudflareClient> = {
  schema: workersCronTriggerSchema,

  adjustPlan({ prior, planned }, { diagnostics }) {
    if (!prior) {
      diagnostics.warning(
        "Resource Destruction Considerations",
        "This resource cannot be destroyed from Terraform: the crons stay until they are removed by other means.",
      );
    }
    return { planned };
  },

  create: put,
  update: put,

  async read(state, { client, stop, diagnostics }) {
    const request = { method: "GET", path: scriptPath(state, "/schedules") };
    const answer = await client.result("Read", request, stop, { mayMiss: true });
    if (answer) return { ...state, id: state.script_name ?? null };
    diagnostics.warning("Resource not found", "The Worker is gone, and its crons with it.");
    return undefined;
  },

  // No call: see above.
  async delete() {},

  async importState(id, { client, stop }) {
    const { accountId, scriptName } = importPath(id);
    const state = {
      id: scriptName,
      account_id: accountId,
      script_name: scriptName,
      schedules: null,
    };
    await client.send("Import", { method: "GET", path: scriptPath(state, "/schedules") }, stop);
    return state;
  },
};

async function put({ planned }: ApplyInput, { client, stop }: Context): Promise<ObjectValue> {
  const schedules = Array.isArray(planned.schedules) ? planned.schedules : [];
  const crons = schedules.filter(isObjectValue).map(({ cron = null }): ObjectValue => ({ cron }));
  const answer = await client.result(
    "Change of the crons",
    {
      method: "PUT",
      path: scriptPath(planned, "/schedules"),
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(withoutNulls(crons)),
    },
    stop,
  );
  return { ...planned, id: planned.script_name ?? null, schedules: told(crons, answer ?? {}) };
}

/** The crons as they were sent, with the times the API gave them. */
function told(crons: readonly ObjectValue[], answer: JsonObject): Value {
  const attribute = workersCronTriggerSchema.attributes.schedules;
  const list = attribute ? attributeFromJson(attribute, answer.schedules) : null;
  return crons.map((cron, index) => {
    const same = Array.isArray(list) ? list[index] : null;
    const times = isObjectValue(same) ? same : {};
    return {
      ...cron,
      created_on: times.created_on ?? null,
      modified_on: times.modified_on ?? null,
    };
  });
}
