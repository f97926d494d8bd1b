import { ProviderError } from "../core/diagnostics.js";
import { isJsonObject, type Json, type JsonObject } from "../core/exact-json.js";

/**
 * The document with the named attributes only; the whole of it when none is named.
 *
 * Paths are keys joined by dots, `#` for every item of a list, `\` before a dot that belongs to a
 * key.
 *
 * @throws ProviderError for a path that does not fit the document.
 */
export function pickAttributes(json: Json, paths: readonly string[]): Json {
  if (paths.length === 0) return json;
  return paths.map((path) => pick(json, parsePath(path), path)).reduce(merge);
}

export function parsePath(path: string): string[] {
  return [...path.matchAll(/((?:\\.|[^.\\])+)(?:\.|$)/g)].map(([, key = ""]) =>
    key.replace(/\\(.)/g, "$1"),
  );
}

function pick(json: Json, [step, ...rest]: readonly string[], path: string): Json {
  if (step === undefined) return json;
  if (Array.isArray(json)) {
    if (step === "#") return json.map((item) => pick(item, rest, path));
    throw misfit(path, `has a list where "${step}" is asked for; "#" names its items`);
  }
  if (!isJsonObject(json)) throw misfit(path, `has a plain value where "${step}" is asked for`);
  if (step === "#") throw misfit(path, 'has an object where "#" is asked for');
  const value = json[step];
  return value === undefined ? {} : { [step]: pick(value, rest, path) };
}

function merge(left: Json, right: Json): Json {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.map((item, index) => merge(item, right[index] ?? null));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return right;
  const merged: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const own = merged[key];
    merged[key] = own === undefined ? value : merge(own, value);
  }
  return merged;
}

const misfit = (path: string, fault: string): ProviderError =>
  new ProviderError("output_attrs does not fit the answer", `"${path}": the answer ${fault}.`);
