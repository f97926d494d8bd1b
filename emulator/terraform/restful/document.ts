import type { ApiResponse } from "../core/api-client.js";
import { flag, type ObjectValue, text, texts, UNKNOWN } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import { fromJson, toJson } from "../core/dynamic-json.js";
import { type Json, parseExactJson } from "../core/exact-json.js";
import { without } from "./merge-patch.js";
import { pickAttributes } from "./output-attributes.js";
import { Selector } from "./selector.js";

/** The JSON of an answer; undefined when it has no body. */
export function parseDocument(response: ApiResponse): Json | undefined {
  const body = response.bytes.toString("utf8").trim();
  if (body === "") return undefined;
  try {
    return parseExactJson(body);
  } catch {
    throw new ProviderError(
      "The answer is not JSON",
      `The API answered ${response.status} with ${body.length} characters that are no JSON.`,
    );
  }
}

/**
 * What a selector finds in a document; undefined when it finds nothing.
 *
 * A text it finds is read as JSON once more, as the real provider does: so a selector that ends at
 * a plain text fails there, and here.
 *
 * @throws ProviderError for a selector outside of the subset.
 */
export function selectDocument(
  selector: string | undefined,
  json: Json | undefined,
  attribute: string,
): Json | undefined {
  if (!selector) return json;
  const found = json === undefined ? undefined : new Selector(selector).select(json);
  if (typeof found !== "string") return found;
  try {
    return parseExactJson(found);
  } catch {
    throw new ProviderError(
      `${attribute} ends at a text`,
      `"${selector}" selects a plain text, which is not a JSON document. Select the object around ` +
        "it and take the text from `output`.",
      attribute,
    );
  }
}

/** What earlier answers left in `output`, for `$(body.x)`. */
export function outputJson(state: ObjectValue): Json | undefined {
  const output = flag(state.use_sensitive_output) ? state.sensitive_output : state.output;
  return output === null || output === undefined || output === UNKNOWN ? undefined : toJson(output);
}

/** `output` and `sensitive_output` for an answer: the attributes asked for, without the secret. */
export function outputAttributes(
  state: ObjectValue,
  json: Json | undefined,
  secretKeys: Json | undefined,
): ObjectValue {
  let kept = json ?? null;
  if (kept !== null) {
    kept = pickAttributes(kept, texts(state.output_attrs) ?? []);
    if (secretKeys !== undefined) kept = without(kept, secretKeys);
  }
  const output = fromJson(kept);
  return flag(state.use_sensitive_output)
    ? { output: null, sensitive_output: output }
    : { output, sensitive_output: null };
}

/** Plans an output that will change: the one of the two that is in use. */
export function openOutput(state: ObjectValue): ObjectValue {
  if (state.use_sensitive_output === UNKNOWN) return { output: UNKNOWN, sensitive_output: UNKNOWN };
  return flag(state.use_sensitive_output)
    ? { output: null, sensitive_output: UNKNOWN }
    : { output: UNKNOWN, sensitive_output: null };
}

export const succeeded = ({ status }: ApiResponse): boolean => status >= 200 && status < 300;

/** The path of an object or collection, which the configuration always gives. */
export function requiredPath(state: ObjectValue, attribute: "path" | "id"): string {
  const path = text(state[attribute]);
  if (path === undefined) {
    throw new ProviderError("Path not known", `\`${attribute}\` has no value.`, attribute);
  }
  return path;
}
