import type { Attribute, Attributes, Schema } from "./schema.js";

/**
 * The schema as `terraform providers schema -json` prints it, without prose.
 *
 * Made to be compared with the output of the real provider.
 */
export function renderSchemaJson(schema: Schema): object {
  return { version: schema.version, block: { attributes: renderAttributes(schema.attributes) } };
}

function renderAttributes(attributes: Attributes): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, renderAttribute(attribute)]),
  );
}

function renderAttribute(attribute: Attribute): object {
  const { presence, nested } = attribute;
  return {
    ...(nested
      ? {
          nested_type: {
            attributes: renderAttributes(nested.attributes),
            nesting_mode: nested.nesting,
          },
        }
      : { type: attribute.type }),
    ...(presence === "required" && { required: true }),
    ...(presence.includes("optional") && { optional: true }),
    ...(presence.includes("computed") && { computed: true }),
    ...(attribute.sensitive && { sensitive: true }),
    ...(attribute.deprecated && { deprecated: true }),
    ...(attribute.writeOnly && { write_only: true }),
  };
}
