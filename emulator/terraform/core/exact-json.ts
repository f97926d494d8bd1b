import { randomBytes } from "node:crypto";

/** A number that a double cannot hold, kept digit by digit. */
export class ExactDecimal {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  toString(): string {
    return this.digits;
  }
}

export type ExactNumber = number | ExactDecimal;

export type Json = null | boolean | string | ExactNumber | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** The number `text` says, as a double when that loses nothing. */
export function exactNumber(text: string): ExactNumber {
  const double = Number(text);
  return canonical(String(double)) === canonical(text) ? double : new ExactDecimal(text);
}

/** Equal numbers have equal forms, however they are written: sign, digits, exponent. */
function canonical(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const scale = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign === "-" ? "-" : ""}${significant}e${scale}`;
}

// Unguessable, so that no string of a document is taken for one of these marks.
const mark = `exact-${randomBytes(12).toString("hex")}:`;
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const marked = new RegExp(`"${mark}([^"]*)"`, "g");

/**
 * `JSON.parse` that keeps every digit.
 * @throws SyntaxError for text that is not JSON.
 */
export function parseExactJson(text: string): Json {
  let found = false;
  const safe = text.replace(token, (part) => {
    if (part.startsWith('"') || !(exactNumber(part) instanceof ExactDecimal)) return part;
    found = true;
    return `"${mark}${part}"`;
  });
  if (!found) return JSON.parse(text) as Json;
  return JSON.parse(safe, (_key, value) =>
    typeof value === "string" && value.startsWith(mark)
      ? new ExactDecimal(value.slice(mark.length))
      : value,
  ) as Json;
}

/** `JSON.stringify` that writes every digit. */
export function stringifyExactJson(value: Json): string {
  return JSON.stringify(value, (_key, part) =>
    part instanceof ExactDecimal ? mark + part.digits : part,
  ).replace(marked, "$1");
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExactDecimal)
  );
}
