import type { AttributeMessage, SchemaMessage } from "./plugin-protocol.js";
import type { Attributes, Nesting, Schema } from "./schema.js";

const nestingNumbers = { single: 1, list: 2, set: 3, map: 4 } as const satisfies Record<
  Nesting,
  number
>;

/** The schema as the plugin protocol's message. */
export function schemaMessage(schema: Schema): SchemaMessage {
  return {
    version: schema.version,
    block: { version: schema.version, attributes: attributeMessages(schema.attributes) },
  };
}

function attributeMessages(attributes: Attributes): AttributeMessage[] {
  return Object.entries(attributes).map(([name, attribute]) => ({
    name,
    ...(attribute.nested
      ? {
          nestedType: {
            attributes: attributeMessages(attribute.nested.attributes),
            nesting: nestingNumbers[attribute.nested.nesting],
          },
        }
      : { type: Buffer.from(JSON.stringify(attribute.type)) }),
    required: attribute.presence === "required",
    optional: attribute.presence.includes("optional"),
    computed: attribute.presence.includes("computed"),
    sensitive: attribute.sensitive ?? false,
    deprecated: attribute.deprecated ?? false,
    writeOnly: attribute.writeOnly ?? false,
  }));
}
