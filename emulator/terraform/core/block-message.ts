import { decodeStateJson, decodeValue, encodeValue } from "./cty-codec.js";
import type { CtyType } from "./cty-type.js";
import { isObjectValue, isWhollyKnown, type ObjectValue, type Value } from "./cty-value.js";
import { ProviderError } from "./diagnostics.js";
import type { DynamicValueMessage } from "./plugin-protocol.js";
import { objectType, type Schema } from "./schema.js";
import { schemaMessage } from "./schema-message.js";

/** What the protocol's messages say about blocks, as the values and schemas of this provider. */

/** The definition of a type. */
export function pick<T>(table: Readonly<Record<string, T>>, typeName: string | undefined): T {
  const found = typeName === undefined ? undefined : table[typeName];
  if (found) return found;
  throw new ProviderError(
    "Not served by the embedded provider",
    `Got ${typeName}; the emulator serves ${Object.keys(table).join(", ") || "none of this kind"}. ` +
      "Use the real provider for the rest.",
  );
}

export function schemaMessages(
  table: Readonly<Record<string, { readonly schema: Schema }>>,
): object {
  return Object.fromEntries(
    Object.entries(table).map(([name, { schema }]) => [name, schemaMessage(schema)]),
  );
}

/** The object of a block; null when Terraform says there is none. */
export function object(value: DynamicValueMessage | undefined, schema: Schema): ObjectValue | null {
  if (!value) return null;
  const type: CtyType = objectType(schema.attributes);
  const decoded = value.msgpack?.length
    ? decodeValue(value.msgpack, type)
    : value.json?.length
      ? decodeStateJson(utf8(value.json), type)
      : null;
  return isObjectValue(decoded) ? decoded : null;
}

export function message(value: Value, schema: Schema): DynamicValueMessage {
  return { msgpack: encodeValue(value, objectType(schema.attributes)) };
}

/** The state after apply, in which nothing may be open. */
export function finished(state: ObjectValue, schema: Schema): DynamicValueMessage {
  const open = Object.keys(state).filter((name) => !isWhollyKnown(state[name] ?? null));
  if (open.length > 0) {
    throw new ProviderError(
      "The embedded provider left values open",
      `After apply ${open.join(", ")} must be known. This is a fault of the emulator.`,
    );
  }
  return message(state, schema);
}

export const stateFromJson = (json: Uint8Array, schema: Schema): Value =>
  decodeStateJson(utf8(json), objectType(schema.attributes));

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
