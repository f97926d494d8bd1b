import {
  Dynamic,
  isObjectValue,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from "../core/cty-value.js";
import { toJson } from "../core/dynamic-json.js";
import { isJsonObject, type Json, type JsonObject } from "../core/exact-json.js";
import type { Attribute, Attributes } from "../core/schema.js";

/** A value as the API takes it: what is null or not known is left out, at every depth. */
export function withoutNulls(value: Value): Json | undefined {
  if (value === null || value === UNKNOWN) return undefined;
  if (value instanceof Dynamic) return toJson(value);
  if (Array.isArray(value)) {
    return value.map(withoutNulls).filter((item) => item !== undefined);
  }
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const json = withoutNulls(item);
      return json === undefined ? [] : [[name, json] as const];
    }),
  );
}

/**
 * A value of the API in the shape of an attribute. What the schema does not have is left out; what
 * does not fit is null.
 */
export function attributeFromJson(attribute: Attribute, json: Json | undefined): Value {
  if (json === null || json === undefined) return null;
  const { nested, type } = attribute;
  if (nested) {
    if (nested.nesting === "single") return objectFromJson(nested.attributes, json);
    if (nested.nesting === "map") {
      return mapFromJson(json, (item) => objectFromJson(nested.attributes, item));
    }
    if (!Array.isArray(json)) return null;
    return json.map((item) => objectFromJson(nested.attributes, item));
  }
  if (type === "string") return typeof json === "string" ? json : null;
  if (type === "bool") return typeof json === "boolean" ? json : null;
  if (type === "number") return isNumber(json) ? json : null;
  if (Array.isArray(json)) return json.filter((item) => typeof item === "string");
  if (Array.isArray(type) && type[0] === "map") {
    return mapFromJson(json, (item) => (typeof item === "string" ? item : null));
  }
  return null;
}

function mapFromJson(json: Json, value: (item: Json) => Value): ObjectValue | null {
  if (!isJsonObject(json)) return null;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, value(item)]));
}

function objectFromJson(attributes: Attributes, json: Json): ObjectValue | null {
  if (!isJsonObject(json)) return null;
  return attributesFromJson(attributes, json);
}

export function attributesFromJson(attributes: Attributes, json: JsonObject): ObjectValue {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      attributeFromJson(attribute, json[name]),
    ]),
  );
}

const isNumber = (json: Json) => typeof json === "number" || typeof json === "object";
