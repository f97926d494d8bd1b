import {
  Dynamic,
  isObjectValue,
  type ObjectValue,
  sameValue,
  text,
  UNKNOWN,
  type Value,
} from "../core/cty-value.js";
import type { Diagnostics } from "../core/diagnostics.js";
import { markComputedUnknown } from "../core/plan.js";
import type {
  ApplyInput,
  CallContext,
  PlanInput,
  ResourceContext,
  ResourceDefinition,
} from "../core/provider-definition.js";
import { manifestHash } from "./asset-manifest.js";
import { assetManifest, uploadAssets } from "./asset-upload.js";
import { type CloudflareClient, importPath, scriptPath } from "./cloudflare-client.js";
import { firstPart } from "./multipart.js";
import { workersScriptSchema } from "./schemas.js";
import { scriptContent, sha256, validateContent } from "./script-content.js";
import { refreshedState, uploadedState } from "./script-refresh.js";
import { scriptUpload } from "./script-upload.js";

type Context = ResourceContext<CloudflareClient>;

const { attributes } = workersScriptSchema;

/** `cloudflare_workers_script`: one upload makes, changes and deploys a Worker. */
export const workersScript: ResourceDefinition<CloudflareClient> = {
  schema: workersScriptSchema,

  async validate(config, context) {
    validateAssets(config, context.diagnostics);
    await validateContent(config, context);
  },

  async adjustPlan(input, context) {
    return { planned: await planScript(input, context) };
  },

  create: upload,
  update: upload,

  async read(state, { client, stop, diagnostics }) {
    const account = encodeURIComponent(text(state.account_id) ?? "");
    const script = encodeURIComponent(text(state.script_name) ?? "");
    const mayMiss = { mayMiss: true };
    const service = await client.result(
      "Read",
      { method: "GET", path: `/accounts/${account}/workers/services/${script}` },
      stop,
      mayMiss,
    );
    const settings =
      service &&
      (await client.result(
        "Read",
        { method: "GET", path: scriptPath(state, "/settings") },
        stop,
        mayMiss,
      ));
    if (!service || !settings) {
      diagnostics.warning(
        "Worker gone",
        `"${text(state.script_name)}" is not there any more; the plan will make it again.`,
      );
      return undefined;
    }
    const environment = isObjectValue(service.default_environment as Value)
      ? (service.default_environment as Record<string, unknown>)
      : {};
    const told = (environment.script ?? {}) as never;
    return readContent(refreshedState(state, told, settings), { client, stop });
  },

  async delete(state, { client, stop }) {
    await client.send("Delete", { method: "DELETE", path: scriptPath(state) }, stop, {
      mayMiss: true,
    });
  },

  async importState(id, { client, stop }) {
    const { accountId, scriptName } = importPath(id);
    const nothing = Object.fromEntries(Object.keys(attributes).map((name) => [name, null]));
    const state = { ...nothing, id: scriptName, account_id: accountId, script_name: scriptName };
    await client.send("Import", { method: "GET", path: scriptPath(state) }, stop);
    return state;
  },
};

async function upload({ planned, config }: ApplyInput, context: Context): Promise<ObjectValue> {
  const { client, stop } = context;
  const token = await uploadAssets(planned, context);
  const code = await scriptContent(planned, context);
  const { body, contentType } = scriptUpload(
    { ...planned, migrations: config.migrations ?? null },
    code,
    token,
  );
  const answer = await client.result(
    "Upload",
    {
      method: "PUT",
      path: scriptPath(planned),
      headers: { "Content-Type": contentType },
      body,
      secrets: [...secretTexts(planned), ...(token ? [token] : [])],
    },
    stop,
  );
  return uploadedState(planned, answer ?? {});
}

/** Takes the code as it is deployed, so that an edit in the dashboard is seen. */
async function readContent(
  state: ObjectValue,
  { client, stop }: Pick<Context, "client" | "stop">,
): Promise<ObjectValue> {
  const request = { method: "GET", path: scriptPath(state, "/content/v2") };
  const response = await client.send("Read", request, stop);
  if (!response || response.status === 204) return { ...state, content: null };
  const type = response.headers.get("content-type") ?? "";
  const code = /^multipart\//i.test(type) ? firstPart(response.bytes, type) : response.bytes;
  const content = code ?? Buffer.alloc(0);
  return {
    ...state,
    ...(state.content_file === null && { content: content.toString("utf8") }),
    ...(state.content_sha256 !== null && { content_sha256: sha256(content) }),
  };
}

async function planScript(
  { config, prior, planned }: PlanInput,
  context: CallContext,
): Promise<ObjectValue> {
  const manifest = await assetManifest(planned, context);
  let next = planned;
  if (isObjectValue(planned.assets)) {
    // Left unknown only while the folder itself is not known yet.
    const unknownFolder = planned.assets.directory === UNKNOWN;
    const hash: Value = manifest ? manifestHash(manifest) : unknownFolder ? UNKNOWN : null;
    const assets: ObjectValue = { ...planned.assets, asset_manifest_sha256: hash };
    const inPlace = prior && sameValue(planned, prior) && !sameValue(prior.assets ?? null, assets);
    if (inPlace) warnOfAssetsInPlace(context.diagnostics);
    const open = inPlace ? markComputedUnknown(attributes, planned, config, prior) : planned;
    next = { ...open, assets };
  }
  return { ...next, bindings: plannedBindings(next, config) };
}

function warnOfAssetsInPlace(diagnostics: Diagnostics): void {
  diagnostics.warning(
    "Assets changed in place",
    "The files of assets.directory changed while its path did not. Version 5.14.0 of the real " +
      "provider ends such an apply with an error: use a path that holds a hash of the content.",
    "assets",
  );
}

/** Class names and ids of namespaces are what was configured; 5.14.0 never learns more. */
function plannedBindings(planned: ObjectValue, config: ObjectValue): Value {
  const { bindings = null } = planned;
  const configured = config.bindings;
  if (!Array.isArray(bindings) || !Array.isArray(configured)) return bindings;
  return bindings.map((binding, index) => {
    const given = configured[index];
    if (!isObjectValue(binding) || !isObjectValue(given)) return binding;
    return {
      ...binding,
      class_name: given.class_name ?? null,
      namespace_id: given.namespace_id ?? null,
    };
  });
}

function validateAssets(config: ObjectValue, diagnostics: Diagnostics): void {
  const { assets } = config;
  if (!isObjectValue(assets)) return;
  if (assets.directory !== null && assets.jwt !== null) {
    diagnostics.error("Two sources of assets", "Give assets.directory or assets.jwt.", "assets");
  }
  const first = isObjectValue(assets.config) ? assets.config.run_worker_first : null;
  if (!(first instanceof Dynamic) || first.value === UNKNOWN || first.value === null) return;
  const fits =
    typeof first.value === "boolean" ||
    (Array.isArray(first.value) &&
      first.value.every((rule) => typeof rule === "string" || rule === UNKNOWN));
  if (fits) return;
  diagnostics.error(
    "Invalid run_worker_first",
    "At assets.config.run_worker_first: expected true, false or a list of path rules.",
    "assets",
  );
}

/** What a message must never show: the texts of secrets and keys. */
function secretTexts({ bindings }: ObjectValue): string[] {
  const list = Array.isArray(bindings) ? bindings.filter(isObjectValue) : [];
  return list.flatMap((binding) => [
    ...(binding.type === "secret_text" ? [text(binding.text) ?? ""] : []),
    text(binding.key_base64) ?? "",
    text(binding.key_jwk) ?? "",
  ]);
}
