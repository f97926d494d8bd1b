import type { ApiRequest } from "../core/api-client.js";
import {
  Dynamic,
  flag,
  isObjectValue,
  type ObjectValue,
  text,
  texts,
  UNKNOWN,
} from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import { toJson } from "../core/dynamic-json.js";
import { type Json, stringifyExactJson } from "../core/exact-json.js";
import {
  PartialCreate,
  type PlanAdjustment,
  type ResourceContext,
  type ResourceDefinition,
} from "../core/provider-definition.js";
import { patchBody, validateBodyPatches } from "./body-patches.js";
import { answeredCreate, refuseExisting } from "./creation.js";
import { openOutput, outputAttributes, outputJson, requiredPath, succeeded } from "./document.js";
import {
  ephemeralBodyChanged,
  ephemeralBodyKeys,
  ephemeralJson,
  rememberEphemeralBody,
  validateEphemeralBody,
} from "./ephemeral-body.js";
import { importSpec } from "./import-spec.js";
import { applyMergePatch, createMergePatch, leafTexts, sameJson } from "./merge-patch.js";
import { expandPath, expandText } from "./path-builder.js";
import { pollUntilDone, validatePoll } from "./poll.js";
import { refresh } from "./refresh.js";
import { type RestfulClient, requestOptions, withJsonType } from "./restful-client.js";
import { resourceSchema } from "./schemas.js";
import { Selector } from "./selector.js";
import { refuseUnsupported } from "./unsupported.js";
import { validateExpressions } from "./validate-expressions.js";

const unsupported = [
  "poll_update",
  "poll_delete",
  "precheck_create",
  "precheck_update",
  "precheck_delete",
  "post_create_read",
  "read_response_template",
];

const expressions = {
  paths: ["read_path", "update_path", "delete_path"],
  selectors: ["create_selector", "read_selector"],
  selectorLists: ["write_only_attrs", "force_new_attrs"],
};

/** `restful_resource`: an object of an API, made, read, changed and removed by paths and methods. */
export const restfulResource: ResourceDefinition<RestfulClient> = {
  schema: resourceSchema,

  validate(config, { diagnostics }) {
    refuseUnsupported(unsupported, config, diagnostics);
    validateExpressions(expressions, config, diagnostics);
    validateEphemeralBody(config, diagnostics);
    validatePoll("poll_create", config, diagnostics);
    validateBodyPatches(config.update_body_patches, diagnostics);
    if (config.delete_body !== null && config.delete_body_raw !== null) {
      diagnostics.error("Two delete bodies", "Give delete_body or delete_body_raw.", "delete_body");
    }
    const { body = null } = config;
    if (body === UNKNOWN) return;
    for (const path of texts(config.write_only_attrs) ?? []) {
      if (new Selector(path).select(toJson(body)) !== undefined) continue;
      diagnostics.error(
        "Invalid write_only_attrs",
        `"${path}" is not in the body.`,
        "write_only_attrs",
      );
    }
  },

  adjustPlan({ config, prior, planned }, context): PlanAdjustment {
    if (!prior) return { planned: { ...planned, ...openOutput(planned) } };
    const changed = planned.output === UNKNOWN || planned.sensitive_output === UNKNOWN;
    const open = changed || ephemeralBodyChanged(config.ephemeral_body, context.private);
    return {
      planned: open ? { ...planned, ...openOutput(planned) } : planned,
      requiresReplace: mustReplace(prior, planned) ? ["body"] : [],
    };
  },

  async create({ config, planned }, context) {
    const { client, stop } = context;
    const path = requiredPath(planned, "path");
    if (flag(planned.check_existance)) await refuseExisting(path, planned, context);

    const secret = ephemeralJson(config.ephemeral_body);
    const request: ApiRequest = {
      method: text(planned.create_method) ?? client.createMethod,
      path,
      ...jsonRequest(client, planned, "create", undefined),
      body: stringifyExactJson(merged(toJson(planned.body ?? null), secret)),
      secrets: secretTexts(secret),
    };
    const response = await client.api.send(request, stop);
    if (!succeeded(response)) throw client.api.failure("Create", request, response);

    const answered = answeredCreate(planned, request, response);
    rememberEphemeralBody(secret, context.private);
    const keys = ephemeralBodyKeys(context.private);
    const made = {
      ...planned,
      id: answered.id,
      ...outputAttributes(planned, answered.document, keys),
    };
    // A failure up to here leaves no object in the state, as with the real provider.
    if (isObjectValue(planned.poll_create)) {
      const poll: ApiRequest = { ...request, method: "GET", path: answered.id, finishing: true };
      await pollUntilDone(planned.poll_create, poll, answered.document, context);
    }
    const read = await readBack(made, answered.document, context);
    if (read) return read;
    throw new ProviderError(
      "Created, yet not there",
      `GET ${answered.id} answered 404 right after ${request.method} ${path} succeeded. ` +
        "Is read_path right? The object is not in the state: remove or import it.",
      "read_path",
    );
  },

  read(state, context) {
    return refresh(state, outputJson(state), context, true);
  },

  async update({ config, planned, prior }, context) {
    const { client, stop } = context;
    const before = toJson(prior.body ?? null);
    const output = outputJson(prior);
    const after = patchBody(toJson(planned.body ?? null), planned.update_body_patches, output);
    // As the real provider: a secret that stays the same is not sent again, and no longer known to
    // have been sent, so that the next plan sends it.
    const secretChanged = ephemeralBodyChanged(config.ephemeral_body, context.private);
    const secret = secretChanged ? ephemeralJson(config.ephemeral_body) : undefined;

    if (secretChanged || !sameJson(before, after)) {
      const method = text(planned.update_method) ?? client.updateMethod;
      const whole = merged(after, secret);
      const updatePath = text(planned.update_path);
      const request: ApiRequest = {
        method,
        path: updatePath
          ? expandPath(updatePath, requiredPath(planned, "path"), output)
          : requiredPath(planned, "id"),
        ...jsonRequest(client, planned, "update", output),
        body: stringifyExactJson(
          method === "PATCH" && !mergePatchDisabled(planned, client)
            ? createMergePatch(before, whole)
            : whole,
        ),
        secrets: secretTexts(secret),
      };
      const response = await client.api.send(request, stop);
      if (!succeeded(response)) throw client.api.failure("Update", request, response);
    }
    rememberEphemeralBody(secret, context.private);
    const read = await refresh(planned, output, context, false);
    if (read) return read;
    throw new ProviderError(
      "Updated, yet not there",
      `GET ${requiredPath(planned, "id")} answered 404.`,
    );
  },

  async delete(state, { client, stop }) {
    const output = outputJson(state);
    const deletePath = text(state.delete_path);
    const raw = text(state.delete_body_raw);
    const given = state.delete_body instanceof Dynamic ? toJson(state.delete_body) : undefined;
    const body =
      raw !== undefined
        ? expandText(raw, output)
        : given !== undefined
          ? stringifyExactJson(given)
          : undefined;
    const options = requestOptions(client, state, "delete", output);
    const request: ApiRequest = {
      method: text(state.delete_method) ?? client.deleteMethod,
      path: deletePath
        ? expandPath(deletePath, requiredPath(state, "path"), output)
        : requiredPath(state, "id"),
      ...options,
      ...(body !== undefined && { body, headers: withJsonType(options.headers) }),
    };
    const response = await client.api.send(request, stop);
    if (response.status === 404 && request.method === "DELETE") return;
    if (!succeeded(response)) throw client.api.failure("Delete", request, response);
  },

  async importState(id) {
    return importSpec(id);
  },
};

/** The new object as it reads now; one that cannot be read stays in the state, to be replaced. */
async function readBack(
  made: ObjectValue,
  document: Json | undefined,
  context: ResourceContext<RestfulClient>,
): Promise<ObjectValue | undefined> {
  try {
    return await refresh(made, document, context, false);
  } catch (thrown) {
    throw new PartialCreate(made, thrown);
  }
}

/** True when an attribute that cannot be changed in place differs. */
function mustReplace(prior: ObjectValue, planned: ObjectValue): boolean {
  const paths = texts(planned.force_new_attrs) ?? [];
  if (paths.length === 0 || planned.body === UNKNOWN) return false;
  const patch = createMergePatch(toJson(prior.body ?? null), toJson(planned.body ?? null));
  return paths.some((path) => new Selector(path).select(patch) !== undefined);
}

const merged = (body: Json, secret: Json | undefined): Json =>
  secret === undefined ? body : applyMergePatch(body, secret);

const secretTexts = (secret: Json | undefined): string[] =>
  secret === undefined ? [] : leafTexts(secret);

const mergePatchDisabled = (planned: ObjectValue, client: RestfulClient): boolean =>
  typeof planned.merge_patch_disabled === "boolean"
    ? planned.merge_patch_disabled
    : client.mergePatchDisabled;

function jsonRequest(
  client: RestfulClient,
  state: ObjectValue,
  operation: string,
  known: Json | undefined,
) {
  const options = requestOptions(client, state, operation, known);
  return { ...options, headers: withJsonType(options.headers) };
}
