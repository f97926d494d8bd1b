import {
  isJsonObject,
  type Json,
  type JsonObject,
  stringifyExactJson,
} from "../core/exact-json.js";

/** JSON merge patch (RFC 7396), and the set operations on documents the provider builds on it. */

export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = applyMergePatch(merged[key] ?? null, value);
  }
  return merged;
}

/** The patch that turns `before` into `after`. */
export function createMergePatch(before: Json, after: Json): Json {
  if (isListOfObjects(before) && isListOfObjects(after) && before.length === after.length) {
    // Only for a whole document, as the real provider's library does it: item by item.
    return after.map((item, index) => createMergePatch(before[index] as Json, item));
  }
  if (!isJsonObject(before) || !isJsonObject(after)) return after;
  const patch: JsonObject = {};
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (old === undefined) patch[key] = value;
    else if (isJsonObject(old) && isJsonObject(value)) {
      const inner = createMergePatch(old, value) as JsonObject;
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!sameJson(old, value)) patch[key] = value;
  }
  for (const key of Object.keys(before)) if (!(key in after)) patch[key] = null;
  return patch;
}

const isListOfObjects = (json: Json): json is JsonObject[] =>
  Array.isArray(json) && json.every(isJsonObject);

/** True when no value stands in both documents; two objects may share a key, not a value. */
export function disjoint(left: Json, right: Json): boolean {
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  return Object.entries(left).every(([key, value]) => {
    const other = right[key];
    return other === undefined || disjoint(value, other);
  });
}

/** `left` without what `right` names, and without the objects that this empties. */
export function without(left: Json, right: Json): Json {
  if (!isJsonObject(left) || !isJsonObject(right)) return left;
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(left)) {
    const named = right[key];
    if (named === undefined) {
      rest[key] = value;
    } else if (isJsonObject(value) && isJsonObject(named)) {
      const inner = without(value, named) as JsonObject;
      if (Object.keys(inner).length > 0) rest[key] = inner;
    }
  }
  return rest;
}

/** The keys of a document, every value null. */
export function skeleton(json: Json): Json {
  if (!isJsonObject(json)) return null;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, skeleton(value)]));
}

/** The text values of a document, for keeping them out of messages. */
export function leafTexts(json: Json): string[] {
  if (typeof json === "string") return [json];
  if (Array.isArray(json)) return json.flatMap(leafTexts);
  return isJsonObject(json) ? Object.values(json).flatMap(leafTexts) : [];
}

export function sameJson(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

/** One text per document, keys sorted and written the way Go writes JSON. */
export function canonicalJson(json: Json): string {
  return stringifyExactJson(sorted(json)).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.keys(json)
      .sort()
      .map((key) => [key, sorted(json[key] as Json)]),
  );
}
