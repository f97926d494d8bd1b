import type { ObjectValue } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import { fromJson } from "../core/dynamic-json.js";
import { isJsonObject, type Json, type JsonObject, parseExactJson } from "../core/exact-json.js";
import { resourceSchema } from "./schemas.js";

const EXAMPLE =
  '{"id": "/accounts/…/gateways/mine", "path": "/accounts/…/gateways", "body": {"cache_ttl": null}}';

/**
 * The state an import begins with.
 *
 * @param id - A JSON object: `id` is the path of the object, `path` of its collection; `body` has
 * the keys to manage, every value null; `query`, `header` and `read_selector` where reading needs
 * them.
 * @throws ProviderError when it is not such an object.
 */
export function importSpec(id: string): ObjectValue {
  const spec = parseSpec(id);
  const required = (name: "id" | "path"): string => {
    const value = spec[name];
    if (typeof value === "string" && value !== "") return value;
    throw invalid(`"${name}" is missing`);
  };
  if (spec.read_response_template !== undefined) {
    throw invalid('"read_response_template" is not emulated');
  }
  const nothing = Object.fromEntries(
    Object.keys(resourceSchema.attributes).map((name) => [name, null]),
  );
  return {
    ...nothing,
    id: required("id"),
    path: required("path"),
    body: fromJson(spec.body),
    query: plain(spec.query),
    header: plain(spec.header),
    read_selector: typeof spec.read_selector === "string" ? spec.read_selector : null,
  };
}

function parseSpec(id: string): JsonObject {
  let spec: Json;
  try {
    spec = parseExactJson(id);
  } catch {
    throw invalid("it is not JSON");
  }
  if (!isJsonObject(spec)) throw invalid("it is not an object");
  return spec;
}

const plain = (json: Json | undefined): ObjectValue | null =>
  isJsonObject(json) ? (json as ObjectValue) : null;

const invalid = (fault: string): ProviderError =>
  new ProviderError("Invalid import id", `In the id ${fault}. Expected such as ${EXAMPLE}.`);
