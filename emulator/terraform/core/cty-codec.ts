import { decode, Encoder, ExtData, ExtensionCodec } from "@msgpack/msgpack";
import type { CtyType } from "./cty-type.js";
import { Dynamic, isObjectValue, type ObjectValue, UNKNOWN, type Value } from "./cty-value.js";
import {
  ExactDecimal,
  exactNumber,
  isJsonObject,
  type Json,
  parseExactJson,
} from "./exact-json.js";

const unknownExtension = new ExtData(0, new Uint8Array([0]));

// Without a decoder of its own every extension comes out as ExtData, which is what "unknown" is.
const extensionCodec = new ExtensionCodec();

/** Reads a value Terraform sent as msgpack. */
export function decodeValue(bytes: Uint8Array, type: CtyType): Value {
  return fromWire(decode(bytes, { extensionCodec, useBigInt64: true }), type);
}

/** Writes a value as msgpack, as Terraform reads it. */
export function encodeValue(value: Value, type: CtyType): Uint8Array {
  return new Encoder({ extensionCodec }).encode(toWire(value, type));
}

function fromWire(wire: unknown, type: CtyType): Value {
  if (wire === null || wire === undefined) return null;
  if (wire instanceof ExtData) return UNKNOWN;
  if (type === "dynamic") {
    const [typeBytes, inner] = wire as [Uint8Array, unknown];
    const innerType = JSON.parse(Buffer.from(typeBytes).toString("utf8")) as CtyType;
    const value = fromWire(inner, innerType);
    return value === null && innerType === "dynamic" ? null : new Dynamic(innerType, value);
  }
  if (type === "number") return numberFromWire(wire);
  if (typeof type === "string") return wire as string | boolean;
  if (type[0] === "tuple") {
    return (wire as unknown[]).map((item, index) => fromWire(item, elementOfTuple(type[1], index)));
  }
  if (type[0] === "list" || type[0] === "set") {
    return (wire as unknown[]).map((item) => fromWire(item, type[1]));
  }
  const entries = wire as Record<string, unknown>;
  const value: ObjectValue = {};
  if (type[0] === "map") {
    for (const [key, item] of Object.entries(entries)) value[key] = fromWire(item, type[1]);
  } else {
    for (const [name, attribute] of Object.entries(type[1])) {
      value[name] = fromWire(entries[name], attribute);
    }
  }
  return value;
}

function numberFromWire(wire: unknown): Value {
  if (typeof wire === "number") return wire;
  return exactNumber(String(wire));
}

function toWire(value: Value, type: CtyType): unknown {
  if (value === null) return null;
  if (value === UNKNOWN) return unknownExtension;
  if (type === "dynamic") {
    if (!(value instanceof Dynamic)) throw new TypeError("a dynamic value came without its type");
    return [Buffer.from(JSON.stringify(value.type)), toWire(value.value, value.type)];
  }
  if (type === "number") {
    // A fraction as a double would differ from the decimal Terraform holds (0.1), for ever.
    if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
    if (value instanceof ExactDecimal) return value.digits;
    throw mismatch(value, type);
  }
  if (typeof type === "string") {
    if (typeof value !== (type === "bool" ? "boolean" : "string")) throw mismatch(value, type);
    return value;
  }
  if (type[0] === "tuple") {
    return arrayOf(value, type).map((item, index) => toWire(item, elementOfTuple(type[1], index)));
  }
  if (type[0] === "list" || type[0] === "set") {
    return arrayOf(value, type).map((item) => toWire(item, type[1]));
  }
  if (!isObjectValue(value)) throw mismatch(value, type);
  const entries: Record<string, unknown> = {};
  if (type[0] === "map") {
    for (const [key, item] of Object.entries(value)) entries[key] = toWire(item, type[1]);
  } else {
    for (const [name, attribute] of Object.entries(type[1])) {
      entries[name] = toWire(value[name] ?? null, attribute);
    }
  }
  return entries;
}

/**
 * Reads a value from the JSON of a state file. Attributes the type does not have are left out,
 * missing ones are null.
 */
export function decodeStateJson(json: string, type: CtyType): Value {
  return fromState(parseExactJson(json), type);
}

function fromState(json: Json | undefined, type: CtyType): Value {
  if (json === null || json === undefined) return null;
  if (type === "dynamic") {
    if (!isJsonObject(json)) throw new TypeError("a dynamic value of the state has no type");
    const innerType = json.type as unknown as CtyType;
    const value = fromState(json.value, innerType);
    return value === null && innerType === "dynamic" ? null : new Dynamic(innerType, value);
  }
  if (typeof type === "string") return json as string | boolean | number | ExactDecimal;
  if (type[0] === "tuple") {
    return (json as Json[]).map((item, index) => fromState(item, elementOfTuple(type[1], index)));
  }
  if (type[0] === "list" || type[0] === "set") {
    return (json as Json[]).map((item) => fromState(item, type[1]));
  }
  if (!isJsonObject(json)) throw mismatch(json as Value, type);
  const value: ObjectValue = {};
  if (type[0] === "map") {
    for (const [key, item] of Object.entries(json)) value[key] = fromState(item, type[1]);
  } else {
    for (const [name, attribute] of Object.entries(type[1])) {
      value[name] = fromState(json[name], attribute);
    }
  }
  return value;
}

function elementOfTuple(types: readonly CtyType[], index: number): CtyType {
  const type = types[index];
  if (type === undefined) throw new TypeError(`a tuple of ${types.length} has no item ${index}`);
  return type;
}

function arrayOf(value: Value, type: CtyType): Value[] {
  if (!Array.isArray(value)) throw mismatch(value, type);
  return value;
}

/** Names kinds only: the value may be a secret. */
function mismatch(value: Value, type: CtyType): TypeError {
  const kind = Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
  return new TypeError(`a ${kind} stands where ${JSON.stringify(type)} is expected`);
}
