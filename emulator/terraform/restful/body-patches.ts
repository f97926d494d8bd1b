import {
  flag,
  isObjectValue,
  type ObjectValue,
  text,
  UNKNOWN,
  type Value,
} from "../core/cty-value.js";
import type { Diagnostics } from "../core/diagnostics.js";
import { isJsonObject, type Json, parseExactJson } from "../core/exact-json.js";
import { parsePath } from "./output-attributes.js";
import { expandText } from "./path-builder.js";

/** Refuses patches the real provider refuses: one either sets or removes. */
export function validateBodyPatches(patches: Value | undefined, diagnostics: Diagnostics): void {
  const list = (Array.isArray(patches) ? patches : []).filter(isObjectValue);
  for (const { path = null, raw_json = null, removed = null } of list) {
    if (raw_json === UNKNOWN || removed === UNKNOWN) continue;
    if (removed !== false && (raw_json === null) !== (removed === null)) continue;
    diagnostics.error(
      "Invalid update_body_patches",
      `The patch of "${text(path) ?? ""}" needs one of raw_json and removed = true.`,
      "update_body_patches",
    );
  }
}

/**
 * `update_body_patches`: what an update sends instead of the body as it is, one change after the other.
 *
 * @param known - The document `$(body.x)` refers to.
 */
export function patchBody(body: Json, patches: Value | undefined, known: Json | undefined): Json {
  const list = (Array.isArray(patches) ? patches : []).filter(isObjectValue);
  return list.reduce<Json>((patched, patch) => patchOnce(patched, patch, known), body);
}

function patchOnce(body: Json, patch: ObjectValue, known: Json | undefined): Json {
  const path = text(patch.path) ?? "";
  const raw = text(patch.raw_json);
  if (flag(patch.removed)) return path === "" ? {} : removeAt(body, parsePath(path));
  if (raw === undefined) return body;
  return setAt(body, path === "" ? [] : parsePath(path), parseExactJson(expandText(raw, known)));
}

function removeAt(json: Json, [step, ...rest]: readonly string[]): Json {
  if (step === undefined) return json;
  if (Array.isArray(json)) {
    return rest.length === 0
      ? json.filter((_item, index) => String(index) !== step)
      : json.map((item, index) => (String(index) === step ? removeAt(item, rest) : item));
  }
  const inner = isJsonObject(json) ? json[step] : undefined;
  if (!isJsonObject(json) || inner === undefined) return json;
  if (rest.length > 0) return { ...json, [step]: removeAt(inner, rest) };
  const { [step]: _removed, ...others } = json;
  return others;
}

/** Sets a value at a path, with the objects and lists on the way to it: a number where nothing is makes a list. */
export function setAt(json: Json, [step, ...rest]: readonly string[], value: Json): Json {
  if (step === undefined) return value;
  const isIndex = /^\d+$/.test(step);
  if (Array.isArray(json) && !isIndex) return json;
  if (isIndex && !isJsonObject(json)) {
    const list = Array.isArray(json) ? [...json] : [];
    const index = Number(step);
    while (list.length < index) list.push(null);
    list[index] = setAt(list[index] ?? null, rest, value);
    return list;
  }
  const object = isJsonObject(json) ? json : {};
  return { ...object, [step]: setAt(object[step] ?? null, rest, value) };
}
