import { escapeTemplate, isToken } from "./terraform-text.js";

/** A document whose texts and keys reach the API as written, `${` and `%{` in them, too. */
export function escapeTexts<Value>(value: Value): Value {
  return escaped(value) as Value;
}

function escaped(value: unknown): unknown {
  if (typeof value === "string") {
    return escapeTemplate(value);
  }
  if (!(value instanceof Object) || isToken(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(escaped);
  }
  // What plain JavaScript lets through is reported elsewhere: a construct leads back to itself.
  return Object.getPrototypeOf(value) !== Object.prototype
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([key, item]) => [escapeTemplate(key), escaped(item)]),
      );
}
