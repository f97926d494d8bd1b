import { type CtyType, sameType } from "./cty-type.js";
import { Dynamic, isObjectValue, type ObjectValue, UNKNOWN, type Value } from "./cty-value.js";
import { ExactDecimal, isJsonObject, type Json, type JsonObject } from "./exact-json.js";

interface Typed {
  readonly type: CtyType;
  readonly value: Value;
}

/** The JSON document a dynamic value stands for; what is not known yet becomes null. */
export function toJson(value: Value): Json {
  if (value === null || value === UNKNOWN) return null;
  if (value instanceof Dynamic) return toJson(value.value);
  if (Array.isArray(value)) return value.map(toJson);
  if (!isObjectValue(value)) return value;
  const json: JsonObject = {};
  for (const [key, item] of Object.entries(value)) json[key] = toJson(item);
  return json;
}

/** A dynamic value of the type the document itself suggests: objects and tuples. */
export function fromJson(json: Json | undefined): Dynamic | null {
  if (json === null || json === undefined) return null;
  const { type, value } = implied(json);
  return new Dynamic(type, value);
}

/**
 * A dynamic value of the given type, so that a refreshed document compares with the configured one.
 *
 * Keys the type does not have are left out and missing ones are null. A part that does not fit its
 * type (a tuple of another length, a number for a string) takes the type it has, and only that
 * part: the plan then shows just the difference.
 */
export function fromJsonAs(json: Json | undefined, type: CtyType): Dynamic | null {
  if (json === null || json === undefined) return null;
  const typed = convert(json, type);
  return new Dynamic(typed.type, typed.value);
}

function implied(json: Json): Typed {
  if (json === null) return { type: "dynamic", value: null };
  if (typeof json === "string") return { type: "string", value: json };
  if (typeof json === "boolean") return { type: "bool", value: json };
  if (typeof json === "number" || json instanceof ExactDecimal) {
    return { type: "number", value: json };
  }
  if (Array.isArray(json)) return tuple(json.map(implied));
  return object(Object.entries(json).map(([name, item]) => [name, implied(item)]));
}

function convert(json: Json, type: CtyType): Typed {
  if (type === "dynamic") return implied(json);
  if (json === null) return { type, value: null };
  if (typeof type === "string") {
    const natural = implied(json);
    return natural.type === type ? { type, value: natural.value } : natural;
  }
  if (type[0] === "object") {
    if (!isJsonObject(json)) return implied(json);
    return object(
      Object.entries(type[1]).map(([name, part]) => [name, convert(json[name] ?? null, part)]),
    );
  }
  if (type[0] === "map") {
    if (!isJsonObject(json)) return implied(json);
    const entries = Object.entries(json).map(
      ([key, item]) => [key, convert(item, type[1])] as const,
    );
    if (!entries.every(([, item]) => sameType(item.type, type[1]))) return implied(json);
    return { type, value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])) };
  }
  if (!Array.isArray(json)) return implied(json);
  if (type[0] === "tuple") {
    if (json.length !== type[1].length) return implied(json);
    return tuple(json.map((item, index) => convert(item, type[1][index] as CtyType)));
  }
  const items = json.map((item) => convert(item, type[1]));
  if (!items.every((item) => sameType(item.type, type[1]))) return implied(json);
  return { type, value: items.map((item) => item.value) };
}

function tuple(items: readonly Typed[]): Typed {
  return {
    type: ["tuple", items.map((item) => item.type)],
    value: items.map((item) => item.value),
  };
}

function object(entries: readonly (readonly [string, Typed])[]): Typed {
  const types: Record<string, CtyType> = {};
  const value: ObjectValue = {};
  for (const [name, item] of entries) {
    types[name] = item.type;
    value[name] = item.value;
  }
  return { type: ["object", types], value };
}
