import { type ObjectValue, UNKNOWN } from "../core/cty-value.js";
import type { JsonObject } from "../core/exact-json.js";
import type {
  ApplyInput,
  ResourceContext,
  ResourceDefinition,
} from "../core/provider-definition.js";
import { type CloudflareClient, importPath, scriptPath } from "./cloudflare-client.js";
import { attributeFromJson, withoutNulls } from "./json-attributes.js";
import { workersScriptSubdomainSchema } from "./schemas.js";

type Context = ResourceContext<CloudflareClient>;

const { attributes } = workersScriptSubdomainSchema;

/** `cloudflare_workers_script_subdomain`: whether a Worker has its workers.dev URL. */
export const workersScriptSubdomain: ResourceDefinition<CloudflareClient> = {
  schema: workersScriptSubdomainSchema,

  create: put,
  update: put,

  async read(state, { client, stop, diagnostics }) {
    const request = { method: "GET", path: scriptPath(state, "/subdomain") };
    const answer = await client.result("Read", request, stop, { mayMiss: true });
    if (answer) return told(state, answer);
    diagnostics.warning("Worker gone", "Its workers.dev setting leaves the state with it.");
    return undefined;
  },

  async delete(state, { client, stop }) {
    const request = { method: "DELETE", path: scriptPath(state, "/subdomain") };
    await client.send("Delete", request, stop, { mayMiss: true });
  },

  async importState(id, { client, stop }) {
    const { accountId, scriptName } = importPath(id);
    const state = {
      id: scriptName,
      account_id: accountId,
      script_name: scriptName,
      enabled: null,
      previews_enabled: null,
    };
    const request = { method: "GET", path: scriptPath(state, "/subdomain") };
    return told(state, (await client.result("Import", request, stop)) ?? {});
  },
};

async function put({ planned }: ApplyInput, { client, stop }: Context): Promise<ObjectValue> {
  const { enabled = null, previews_enabled: previews = null } = planned;
  const answer = await client.result(
    "Change of the workers.dev setting",
    {
      method: "POST",
      path: scriptPath(planned, "/subdomain"),
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(withoutNulls({ enabled, previews_enabled: previews })),
    },
    stop,
  );
  const state: ObjectValue = { ...planned, id: planned.script_name ?? null };
  return previews === UNKNOWN
    ? { ...state, previews_enabled: fromAnswer("previews_enabled", answer ?? {}) }
    : state;
}

const told = (state: ObjectValue, answer: JsonObject): ObjectValue => ({
  ...state,
  enabled: fromAnswer("enabled", answer),
  previews_enabled: fromAnswer("previews_enabled", answer),
});

function fromAnswer(name: "enabled" | "previews_enabled", answer: JsonObject) {
  const attribute = attributes[name];
  return attribute ? attributeFromJson(attribute, answer[name]) : null;
}
