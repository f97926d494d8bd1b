import { isObjectValue, type ObjectValue, sameValue, UNKNOWN, type Value } from "./cty-value.js";
import { type Attribute, type Attributes, isComputed } from "./schema.js";

export interface PlannedChange {
  readonly planned: ObjectValue;
  /** Attributes whose change replaces the object. */
  readonly requiresReplace: readonly string[];
}

/**
 * The plan every resource starts from: defaults filled in, write-only values left out, and, when
 * anything changes, each computed value that may change marked unknown.
 *
 * @param prior - null when the object is to be created.
 */
export function planChange(
  attributes: Attributes,
  prior: ObjectValue | null,
  proposed: ObjectValue,
  config: ObjectValue,
): PlannedChange {
  const planned = withDefaults(attributes, proposed, config);
  if (prior && sameValue(planned, prior)) return { planned, requiresReplace: [] };
  const requiresReplace = Object.entries(attributes)
    .filter(([, attribute]) => attribute.forcesReplacement)
    .map(([name]) => name)
    .filter((name) => prior && !sameValue(planned[name] ?? null, prior[name] ?? null));
  return {
    planned: withUnknowns(attributes, planned, config, prior),
    requiresReplace,
  };
}

/** The plan once more, after a change that only the resource itself could see. */
export function markComputedUnknown(
  attributes: Attributes,
  planned: ObjectValue,
  config: ObjectValue,
  prior: ObjectValue | null,
): ObjectValue {
  return withUnknowns(attributes, planned, config, prior);
}

function withDefaults(
  attributes: Attributes,
  proposed: ObjectValue,
  config: ObjectValue,
): ObjectValue {
  return mapAttributes(attributes, (name, attribute) => {
    if (attribute.writeOnly) return null;
    const value = proposed[name] ?? null;
    const given = config[name] ?? null;
    if (given === null && attribute.default !== undefined) return attribute.default;
    return mapElements(attribute, value, given, withDefaults);
  });
}

function withUnknowns(
  attributes: Attributes,
  planned: ObjectValue,
  config: ObjectValue,
  prior: ObjectValue | null,
): ObjectValue {
  return mapAttributes(attributes, (name, attribute) => {
    const value = planned[name] ?? null;
    const given = config[name] ?? null;
    if (given === null && isComputed(attribute)) {
      if (attribute.default !== undefined) return value;
      const before = prior?.[name] ?? null;
      return attribute.stable && before !== null ? before : UNKNOWN;
    }
    return mapElements(attribute, value, given, (inner, element, elementConfig) =>
      withUnknowns(inner, element, elementConfig, null),
    );
  });
}

function mapAttributes(
  attributes: Attributes,
  map: (name: string, attribute: Attribute) => Value,
): ObjectValue {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, map(name, attribute)]),
  );
}

/** Maps each object inside a nested attribute's value, beside the configuration's one. */
function mapElements(
  attribute: Attribute,
  value: Value,
  config: Value,
  map: (attributes: Attributes, element: ObjectValue, config: ObjectValue) => ObjectValue,
): Value {
  const { nested } = attribute;
  if (!nested) return value;
  const one = (element: Value, elementConfig: Value | undefined): Value =>
    isObjectValue(element) && isObjectValue(elementConfig)
      ? map(nested.attributes, element, elementConfig)
      : element;
  if (nested.nesting === "single") return one(value, config);
  if (Array.isArray(value)) {
    return value.map((element, index) =>
      one(element, Array.isArray(config) ? config[index] : undefined),
    );
  }
  if (!isObjectValue(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [
      key,
      one(element, isObjectValue(config) ? config[key] : undefined),
    ]),
  );
}
