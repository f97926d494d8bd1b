import { isObjectValue, type ObjectValue, type Value } from "./cty-value.js";
import type { Diagnostics } from "./diagnostics.js";
import type { Attribute, Attributes } from "./schema.js";

/** Checks what the schema alone can tell: the texts an attribute allows. */
export function validateConfig(
  attributes: Attributes,
  config: ObjectValue,
  diagnostics: Diagnostics,
  path: readonly string[] = [],
): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    validateAttribute(attribute, config[name] ?? null, diagnostics, [...path, name]);
  }
}

function validateAttribute(
  attribute: Attribute,
  value: Value,
  diagnostics: Diagnostics,
  path: readonly string[],
): void {
  if (attribute.nested) {
    for (const [key, element] of elements(attribute, value)) {
      validateConfig(attribute.nested.attributes, element, diagnostics, [...path, ...key]);
    }
    return;
  }
  const { oneOf, anyCase } = attribute;
  if (!oneOf) return;
  for (const item of Array.isArray(value) ? value : [value]) {
    if (typeof item !== "string" || oneOf.some((one) => equal(one, item, anyCase))) continue;
    diagnostics.error(
      `Invalid value of ${path.at(-1)}`,
      `At ${renderPath(path)}: got "${item}", allowed are ${oneOf.join(", ")}.`,
      path[0],
    );
  }
}

/** The objects inside a nested attribute's value, each with its place. */
export function elements(attribute: Attribute, value: Value): [string[], ObjectValue][] {
  if (attribute.nested?.nesting === "single") return isObjectValue(value) ? [[[], value]] : [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      isObjectValue(item) ? [[[String(index)], item] as [string[], ObjectValue]] : [],
    );
  }
  if (!isObjectValue(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    isObjectValue(item) ? [[[key], item] as [string[], ObjectValue]] : [],
  );
}

export function renderPath(path: readonly string[]): string {
  return path
    .map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}

const equal = (a: string, b: string, anyCase: true | undefined): boolean =>
  anyCase ? a.toLowerCase() === b.toLowerCase() : a === b;
