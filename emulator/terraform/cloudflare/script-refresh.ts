import { isObjectValue, type ObjectValue, UNKNOWN, type Value } from "../core/cty-value.js";
import type { Json, JsonObject } from "../core/exact-json.js";
import { isJsonObject } from "../core/exact-json.js";
import { attributeFromJson } from "./json-attributes.js";
import { workersScriptSchema } from "./schemas.js";

const { attributes } = workersScriptSchema;

const computed = [
  "created_on",
  "etag",
  "handlers",
  "has_assets",
  "has_modules",
  "last_deployed_from",
  "migration_tag",
  "modified_on",
  "named_handlers",
  "startup_time_ms",
] as const;

/** Set by the configuration or, where that is silent, by the API. */
const eitherSide = ["compatibility_flags", "placement", "tail_consumers", "bindings"] as const;

/** The state after an upload: what the plan left open comes from the answer. */
export function uploadedState(planned: ObjectValue, answer: JsonObject): ObjectValue {
  const state: ObjectValue = { ...planned, id: planned.script_name ?? null };
  for (const name of computed) state[name] = fromAnswer(name, answer[name]);
  for (const name of eitherSide) {
    const value = planned[name] ?? null;
    state[name] = value === UNKNOWN ? fromAnswer(name, answer[name]) : value;
  }
  state.placement = closedPlacement(state.placement ?? null, answer.placement);
  return state;
}

/** What the API says about a script, over what the state has; what it does not say stays. */
export function refreshedState(
  state: ObjectValue,
  script: JsonObject,
  settings: JsonObject,
): ObjectValue {
  const next: ObjectValue = { ...state };
  const overwrite = (name: string, json: Json | undefined) => {
    const value = fromAnswer(name, json);
    if (value !== null) next[name] = value;
  };
  for (const name of [...computed, "compatibility_date", "usage_model", "logpush"]) {
    overwrite(name, script[name]);
  }
  const settled = ["compatibility_date", "usage_model", "logpush"];
  for (const name of [...settled, "limits", "observability", "placement"]) {
    overwrite(name, settings[name]);
  }
  // Of these null says something: there is none.
  for (const name of ["compatibility_flags", "tail_consumers"]) {
    if (name in settings) next[name] = fromAnswer(name, settings[name]);
  }
  next.placement = withoutMode(next.placement ?? null) ? null : (next.placement ?? null);
  next.bindings = refreshedBindings(state.bindings ?? null, settings.bindings);
  return next;
}

/**
 * As the real provider: a binding of the state stays as it is, except that a secret may have gone;
 * one the state does not know is drift, unless it is a secret somebody else manages.
 */
function refreshedBindings(before: Value, json: Json | undefined): Value {
  if (!Array.isArray(json)) return before;
  const remote = (attributeFromJson(attributes.bindings as never, json) as Value[]).filter(
    isObjectValue,
  );
  const known = (Array.isArray(before) ? before : []).filter(isObjectValue);
  const same = (a: ObjectValue, b: ObjectValue) => a.name === b.name && a.type === b.type;
  const kept = known.filter(
    (binding) => binding.type !== "secret_text" || remote.some((other) => same(other, binding)),
  );
  const added = remote.filter(
    (binding) => binding.type !== "secret_text" && !known.some((other) => same(other, binding)),
  );
  const all = [...kept, ...added];
  return all.length === 0 && before === null ? null : all;
}

/** The members of `placement` the plan left open. */
function closedPlacement(placement: Value, answer: Json | undefined): Value {
  if (!isObjectValue(placement) || withoutMode(placement)) return null;
  const told = isJsonObject(answer) ? answer : {};
  return {
    mode: placement.mode ?? null,
    last_analyzed_at: typeof told.last_analyzed_at === "string" ? told.last_analyzed_at : null,
    status: typeof told.status === "string" ? told.status : null,
  };
}

const withoutMode = (placement: Value): boolean =>
  isObjectValue(placement) && (placement.mode ?? null) === null;

function fromAnswer(name: string, json: Json | undefined): Value {
  const attribute = attributes[name];
  return attribute ? attributeFromJson(attribute, json) : null;
}
