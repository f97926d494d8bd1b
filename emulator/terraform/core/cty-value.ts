import type { CtyType } from "./cty-type.js";
import { ExactDecimal, type ExactNumber } from "./exact-json.js";

/** A value Terraform will know only after apply. */
export const UNKNOWN: unique symbol = Symbol("known after apply");

/**
 * A value of Terraform: lists, sets and tuples are arrays, maps and objects plain objects.
 *
 * Which of them it is stands in the type, so a value is only read together with its type.
 */
export type Value =
  | null
  | typeof UNKNOWN
  | boolean
  | string
  | ExactNumber
  | Dynamic
  | Value[]
  | ObjectValue;

export interface ObjectValue {
  [name: string]: Value;
}

/**
 * What stands in a place of type `dynamic`: the type goes with the value, for Terraform refuses an
 * answer whose type differs (an object for a map, a tuple for a list).
 */
export class Dynamic {
  readonly type: CtyType;
  readonly value: Value;

  constructor(type: CtyType, value: Value) {
    this.type = type;
    this.value = value;
  }
}

export function isObjectValue(value: Value | undefined): value is ObjectValue {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Dynamic) &&
    !(value instanceof ExactDecimal)
  );
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Dynamic || b instanceof Dynamic) {
    return a instanceof Dynamic && b instanceof Dynamic && sameValue(a.value, b.value);
  }
  if (a instanceof ExactDecimal || b instanceof ExactDecimal) {
    return a instanceof ExactDecimal && b instanceof ExactDecimal && a.digits === b.digits;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((element, index) => sameValue(element, b[index] as Value))
    );
  }
  if (!isObjectValue(a) || !isObjectValue(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => name in b && sameValue(a[name] as Value, b[name] as Value))
  );
}

/** True when nothing in the value waits for apply. */
export function isWhollyKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (value instanceof Dynamic) return isWhollyKnown(value.value);
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  if (isObjectValue(value)) return Object.values(value).every(isWhollyKnown);
  return true;
}

/** The text of a string attribute; undefined when it is null or not known yet. */
export function text(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function flag(value: Value | undefined): boolean {
  return value === true;
}

/** The strings of a list or set; undefined when it is null or not known yet. */
export function texts(value: Value | undefined): string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

export function number(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
