import type { ApiRequest } from "../core/api-client.js";
import { Dynamic, isObjectValue, type ObjectValue, text, UNKNOWN } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import { toJson } from "../core/dynamic-json.js";
import { isJsonObject, type Json, stringifyExactJson } from "../core/exact-json.js";
import type {
  ApplyInput,
  ResourceContext,
  ResourceDefinition,
} from "../core/provider-definition.js";
import {
  openOutput,
  outputAttributes,
  outputJson,
  parseDocument,
  requiredPath,
  succeeded,
} from "./document.js";
import {
  ephemeralBodyChanged,
  ephemeralBodyKeys,
  ephemeralJson,
  rememberEphemeralBody,
  validateEphemeralBody,
} from "./ephemeral-body.js";
import { applyMergePatch, leafTexts } from "./merge-patch.js";
import { expandPath } from "./path-builder.js";
import { pollUntilDone, validatePoll } from "./poll.js";
import { type RestfulClient, requestOptions, withJsonType } from "./restful-client.js";
import { operationSchema } from "./schemas.js";
import { refuseUnsupported } from "./unsupported.js";
import { validateExpressions } from "./validate-expressions.js";

/** `restful_operation`: one call, made again whenever its configuration or secret changes. */
export const restfulOperation: ResourceDefinition<RestfulClient> = {
  schema: operationSchema,

  validate(config, { diagnostics }) {
    refuseUnsupported(["precheck", "precheck_delete", "poll_delete"], config, diagnostics);
    const paths = ["id_builder", "delete_path"];
    validateExpressions({ paths, selectors: [], selectorLists: [] }, config, diagnostics);
    validateEphemeralBody(config, diagnostics);
    validatePoll("poll", config, diagnostics);
    if (config.delete_path !== null && config.delete_method === null) {
      diagnostics.error("delete_path without delete_method", "Give both.", "delete_path");
    }
  },

  adjustPlan({ config, prior, planned }, context) {
    const changed = !prior || planned.output === UNKNOWN || planned.sensitive_output === UNKNOWN;
    return changed || ephemeralBodyChanged(config.ephemeral_body, context.private)
      ? { planned: { ...planned, ...openOutput(planned) } }
      : undefined;
  },

  create: perform,
  update: perform,

  async read(state) {
    return state; // What a call did cannot be read.
  },

  async delete(state, { client, stop }) {
    const method = text(state.delete_method);
    if (method === undefined) return;
    const output = outputJson(state);
    const deletePath = text(state.delete_path);
    const body = state.delete_body instanceof Dynamic ? toJson(state.delete_body) : undefined;
    const request: ApiRequest = {
      method,
      path: deletePath
        ? expandPath(deletePath, requiredPath(state, "path"), output)
        : requiredPath(state, "id"),
      ...payload(requestOptions(client, state, "delete", output), body),
    };
    const response = await client.api.send(request, stop);
    if (response.status === 404 && method === "DELETE") return;
    if (!succeeded(response)) throw client.api.failure("Delete operation", request, response);
  },

  async importState() {
    throw new ProviderError(
      "restful_operation cannot be imported",
      "It stands for a call, not for an object. Apply makes the call.",
    );
  },
};

async function perform(
  { config, planned }: ApplyInput,
  context: ResourceContext<RestfulClient>,
): Promise<ObjectValue> {
  const { client, stop } = context;
  const path = requiredPath(planned, "path");
  const hasBody = planned.body instanceof Dynamic;
  const secret = hasBody ? ephemeralJson(config.ephemeral_body) : undefined;
  const body = hasBody ? toJson(planned.body ?? null) : undefined;
  const request: ApiRequest = {
    method: text(planned.method) ?? "GET",
    path,
    ...payload(
      requestOptions(client, planned, "operation", undefined),
      body !== undefined && secret !== undefined ? applyMergePatch(body, secret) : body,
    ),
    secrets: secret === undefined ? [] : leafTexts(secret),
  };
  const response = await client.api.send(request, stop);
  if (!succeeded(response)) throw client.api.failure("Operation", request, response);
  const answer = parseDocument(response);
  rememberEphemeralBody(secret, context.private);
  const builder = text(planned.id_builder);
  const id = builder === undefined ? path : expandPath(builder, path, answer);
  if (isObjectValue(planned.poll)) {
    const { query = {}, headers = {} } = request;
    await pollUntilDone(planned.poll, { method: "GET", path: id, query, headers }, answer, context);
  }
  return {
    ...planned,
    id,
    ...outputAttributes(planned, answer, ephemeralBodyKeys(context.private)),
  };
}

function payload(
  options: ReturnType<typeof requestOptions>,
  body: Json | undefined,
): Pick<ApiRequest, "query" | "headers" | "body"> {
  const headers = withJsonType(options.headers);
  if (body === undefined) return { ...options, headers };
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type");
  if (type?.[1] !== "application/x-www-form-urlencoded") {
    return { ...options, headers, body: stringifyExactJson(body) };
  }
  if (!isJsonObject(body) || !Object.values(body).every((value) => typeof value === "string")) {
    throw new ProviderError("Body is no form", "A form takes an object of texts.", "body");
  }
  return { ...options, headers, body: new URLSearchParams(body as never).toString() };
}
