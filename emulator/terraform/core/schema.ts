import type { CtyType } from "./cty-type.js";
import type { Value } from "./cty-value.js";

export const nestings = ["single", "list", "set", "map"] as const;
export type Nesting = (typeof nestings)[number];

/** Who gives an attribute its value: the configuration, the provider, or either. */
export type Presence = "required" | "optional" | "computed" | "optional+computed";

export interface AttributeOptions {
  readonly sensitive?: true;
  readonly deprecated?: true;
  /** Read from the configuration only, never kept in plan or state. */
  readonly writeOnly?: true;
  /** What a configuration without the attribute plans. */
  readonly default?: Value;
  /** A computed value that an update never changes. */
  readonly stable?: true;
  /** A change replaces the object. */
  readonly forcesReplacement?: true;
  /** The texts allowed, in the attribute itself or in each of its elements. */
  readonly oneOf?: readonly string[];
  /** With `oneOf`: upper and lower case are the same. */
  readonly anyCase?: true;
}

export interface Attribute extends AttributeOptions {
  readonly presence: Presence;
  /** The type constraint; of a nested attribute, the one its members imply. */
  readonly type: CtyType;
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Attributes };
}

export interface Attributes {
  readonly [name: string]: Attribute;
}

/**
 * A provider, resource or data source block as data. The plugin's messages, the JSON of
 * `terraform providers schema`, validation and planning are all made from it.
 */
export interface Schema {
  readonly version: number;
  readonly attributes: Attributes;
}

function ofType(type: CtyType) {
  return (presence: Presence, options: AttributeOptions = {}): Attribute => ({
    presence,
    type,
    ...options,
  });
}

export const string = ofType("string");
export const bool = ofType("bool");
export const number = ofType("number");
export const dynamic = ofType("dynamic");
export const stringList = ofType(["list", "string"]);
export const numberList = ofType(["list", "number"]);
export const stringSet = ofType(["set", "string"]);
export const stringMap = ofType(["map", "string"]);
export const stringListMap = ofType(["map", ["list", "string"]]);

export function nested(
  nesting: Nesting,
  presence: Presence,
  attributes: Attributes,
  options: AttributeOptions = {},
): Attribute {
  const element = objectType(attributes);
  const type: CtyType = nesting === "single" ? element : [nesting, element];
  return { presence, type, nested: { nesting, attributes }, ...options };
}

/** The object type a block of these attributes has. */
export function objectType(attributes: Attributes): CtyType {
  return [
    "object",
    Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, type])),
  ];
}

export const isComputed = (attribute: Attribute): boolean =>
  attribute.presence === "computed" || attribute.presence === "optional+computed";
