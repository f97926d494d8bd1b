import type { ApiRequest } from "../core/api-client.js";
import { Dynamic, type ObjectValue, text, texts } from "../core/cty-value.js";
import { fromJson, fromJsonAs, toJson } from "../core/dynamic-json.js";
import type { Json } from "../core/exact-json.js";
import type { ResourceContext } from "../core/provider-definition.js";
import { setAt } from "./body-patches.js";
import {
  outputAttributes,
  parseDocument,
  requiredPath,
  selectDocument,
  succeeded,
} from "./document.js";
import { ephemeralBodyKeys } from "./ephemeral-body.js";
import { parsePath } from "./output-attributes.js";
import { expandText } from "./path-builder.js";
import { type RestfulClient, requestOptions } from "./restful-client.js";
import { Selector } from "./selector.js";

/**
 * Reads the object again; undefined when it is gone.
 *
 * @param known - The document `$(body.x)` refers to.
 * @param updateBody - False right after a write, when `body` must stay what was planned.
 */
export async function refresh(
  state: ObjectValue,
  known: Json | undefined,
  context: ResourceContext<RestfulClient>,
  updateBody: boolean,
): Promise<ObjectValue | undefined> {
  const { client, stop } = context;
  const request: ApiRequest = {
    method: "GET",
    path: requiredPath(state, "id"),
    ...requestOptions(client, state, "read", known),
    ...(!updateBody && { finishing: true }),
  };
  const response = await client.api.send(request, stop);
  if (response.status === 404) return undefined;
  if (!succeeded(response)) throw client.api.failure("Read", request, response);

  const selector = text(state.read_selector);
  const expanded = selector && expandText(selector, known);
  const answer = parseDocument(response);
  const document = selectDocument(expanded, answer, "read_selector");
  if (document === undefined && expanded) return undefined;

  const full = document ?? null;
  const written = updateBody ? withWriteOnly(full, state) : full;
  return {
    ...state,
    ...(updateBody && { body: refreshedBody(written, state) }),
    ...outputAttributes(state, written, ephemeralBodyKeys(context.private)),
  };
}

function refreshedBody(document: Json, { body }: ObjectValue): Dynamic | null {
  return body instanceof Dynamic ? fromJsonAs(document, body.type) : fromJson(document);
}

/** Puts what the API never tells back from the state, so that it does not count as removed. */
function withWriteOnly(document: Json, state: ObjectValue): Json {
  const before = toJson(state.body ?? null);
  return (texts(state.write_only_attrs) ?? []).reduce<Json>((json, path) => {
    const selector = new Selector(path);
    const value = selector.select(before);
    return value === undefined || selector.select(json) !== undefined
      ? json
      : setAt(json, parsePath(path), value);
  }, document);
}
