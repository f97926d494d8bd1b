/** A value of the code that is written: JSON, with expressions in it. */
export type Code =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly Code[]
  | { readonly [key: string]: Code | undefined };

/** Code that is written as it is. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const LINE_WIDTH = 100;

/**
 * A value as TypeScript, on one line where it fits.
 * @param indent spaces before the line that it ends on
 * @param column where on its first line it begins, what follows it counted in
 */
export function renderCode(value: Code, indent = 0, column = indent): string {
  const line = onOneLine(value);
  if (line !== undefined && column + line.length <= LINE_WIDTH) {
    return line;
  }
  const inner = indent + 2;
  const pad = " ".repeat(inner);
  if (isArray(value)) {
    const items = value.map((item) => `${pad}${renderCode(item, inner, inner + 1)},\n`);
    return `[\n${items.join("")}${" ".repeat(indent)}]`;
  }
  if (isObject(value)) {
    const items = entriesOf(value).map(([key, item]) => {
      if (isShorthand(key, item)) return `${pad}${key},\n`;
      const name = `${renderKey(key)}: `;
      return `${pad}${name}${renderCode(item, inner, inner + name.length + 1)},\n`;
    });
    return `{\n${items.join("")}${" ".repeat(indent)}}`;
  }
  return value instanceof Expression ? reindent(value.text, indent) : renderScalar(value);
}

/** Undefined for what has lines of its own. */
function onOneLine(value: Code): string | undefined {
  if (value instanceof Expression) {
    return value.text.includes("\n") ? undefined : value.text;
  }
  if (isArray(value)) {
    const items = value.map(onOneLine);
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  if (isObject(value)) {
    const items = entriesOf(value).map(([key, item]) => {
      const text = onOneLine(item);
      if (isShorthand(key, item)) return key;
      return text === undefined ? undefined : `${renderKey(key)}: ${text}`;
    });
    if (items.includes(undefined)) {
      return undefined;
    }
    return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
  }
  const text = renderScalar(value);
  return text.includes("\n") ? undefined : text;
}

/** `Array.isArray` does not know read-only arrays. */
const isArray = (value: Code): value is readonly Code[] => Array.isArray(value);

const isObject = (value: Code): value is { readonly [key: string]: Code | undefined } =>
  typeof value === "object" && value !== null && !isArray(value) && !(value instanceof Expression);

const entriesOf = (value: { readonly [key: string]: Code | undefined }) =>
  Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, item] as const],
  );

const isShorthand = (key: string, item: Code): boolean =>
  item instanceof Expression && item.text === key;

/** A key that would set the prototype is written so that it does not. */
const renderKey = (key: string): string => {
  if (key === "__proto__") return '["__proto__"]';
  return /^([A-Za-z_$][\w$]*|0|[1-9]\d{0,8})$/.test(key) ? key : JSON.stringify(key);
};

function renderScalar(value: string | number | boolean | null): string {
  if (typeof value === "string") {
    if (/^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/.test(value) && value.includes('"')) {
      return `'${value}'`;
    }
    return value.trimEnd().includes("\n") && !/[^\x20-\x7e\n]/.test(value)
      ? `\`${value.replaceAll(/[\\`]|\$(?=\{)/g, "\\$&")}\``
      : JSON.stringify(value);
  }
  return typeof value === "number" ? renderNumber(value) : String(value);
}

/** Long whole numbers in groups of three. */
const renderNumber = (value: number): string =>
  Number.isSafeInteger(value) && Math.abs(value) >= 10_000
    ? String(value).replaceAll(/\B(?=(\d{3})+$)/g, "_")
    : Object.is(value, -0)
      ? "-0"
      : String(value);

/** Lines after the first one, moved to where the text stands; not those of a text in it, which would become another. */
const reindent = (text: string, indent: number): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'|`(?:[^`\\]|\\.)*`|\n/gs, (part) =>
    part === "\n" ? `\n${" ".repeat(indent)}` : part,
  );
