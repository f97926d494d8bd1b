/** Attributes as `terraform providers schema -json` prints them. */
export interface AttributeSchemas {
  readonly [name: string]: AttributeSchema;
}

interface AttributeSchema {
  readonly type?: string | readonly [string, string];
  readonly nested_type?: {
    readonly attributes: AttributeSchemas;
    readonly nesting_mode: "single" | "list" | "set" | "map";
  };
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
}

/** What Terraform would not take of a block, one line each. */
export function violations(
  schemas: AttributeSchemas,
  block: Readonly<Record<string, unknown>>,
  path = "",
): string[] {
  const unknown = Object.keys(block)
    .filter((name) => !schemas[name]?.required && !schemas[name]?.optional)
    .map((name) => `${path}${name}: no attribute that a configuration may set`);
  const missing = Object.entries(schemas)
    .filter(([name, { required }]) => required && (block[name] ?? null) === null)
    .map(([name]) => `${path}${name}: required`);
  const wrong = Object.entries(block).flatMap(([name, value]) => {
    const schema = schemas[name];
    return schema === undefined || value === null || value === undefined
      ? []
      : wrongValues(schema, value, `${path}${name}`);
  });
  return [...unknown, ...missing, ...wrong];
}

function wrongValues(
  { type, nested_type }: AttributeSchema,
  value: unknown,
  path: string,
): string[] {
  if (nested_type) {
    const { attributes, nesting_mode } = nested_type;
    const inner = (item: unknown, at: string): string[] =>
      isBlock(item) ? violations(attributes, item, `${at}.`) : [`${at}: no object`];
    if (nesting_mode === "single") return inner(value, path);
    return elements(nesting_mode === "map" ? "map" : "list", value, path, inner);
  }
  if (typeof type === "string")
    return typeof value === type.replace(/^bool$/, "boolean") ? [] : [`${path}: no ${type}`];
  const [collection = "", element = ""] = type ?? [];
  return elements(collection === "map" ? "map" : "list", value, path, (item, at) =>
    typeof item === element ? [] : [`${at}: no ${element}`],
  );
}

function elements(
  kind: "map" | "list",
  value: unknown,
  path: string,
  check: (item: unknown, path: string) => string[],
): string[] {
  const fits = kind === "map" ? isBlock(value) : Array.isArray(value);
  if (!fits) return [`${path}: no ${kind}`];
  return Object.entries(value as object).flatMap(([key, item]) => check(item, `${path}[${key}]`));
}

const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
