import { isJsonObject, type Json, type JsonObject } from "../core/exact-json.js";
import { modifiers, type Part, type Path, type Query, SelectorReader } from "./selector-reader.js";

/** A path into a JSON document, ready to be used many times. */
export class Selector {
  readonly #path: Path;

  /** @throws SelectorError when the text is outside of the subset. */
  constructor(text: string) {
    const reader = new SelectorReader(text);
    this.#path = reader.path("");
    reader.end();
  }

  /** Undefined when the document does not have it. */
  select(json: Json): Json | undefined {
    return walk(json, this.#path);
  }
}

function walk(json: Json | undefined, path: Path): Json | undefined {
  const [step, ...rest] = path;
  if (!step) return json;
  switch (step.kind) {
    case "key":
      return walk(member(json, step.name), rest);
    case "literal":
      return walk(step.value, rest);
    case "modifier":
      return json === undefined ? undefined : walk(modifiers[step.name](json), rest);
    case "each":
      if (!Array.isArray(json)) return undefined;
      return rest.length === 0 ? json.length : collect(json, rest);
    case "query": {
      if (!Array.isArray(json)) return undefined;
      const found = json.filter((item) => matches(item, step.query));
      if (step.all) return collect(found, rest);
      // Not even an empty document can be built of an item that is not there.
      return found.length === 0 ? undefined : walk(found[0], rest);
    }
    default:
      return walk(build(json, step), rest);
  }
}

function collect(items: readonly Json[], path: Path): Json[] {
  return items.flatMap((item) => {
    const found = walk(item, path);
    return found === undefined ? [] : [found];
  });
}

/** As gjson does, a document without any of the keys gives an empty one, not none. */
function build(json: Json | undefined, step: { kind: string; parts: readonly Part[] }): Json {
  const found = step.parts.flatMap(({ name, path }) => {
    const value = walk(json, path);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (step.kind === "array") return found.map(([, value]) => value);
  return Object.fromEntries(found) as JsonObject;
}

function member(json: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(json)) return /^\d+$/.test(name) ? json[Number(name)] : undefined;
  return isJsonObject(json) && Object.hasOwn(json, name) ? json[name] : undefined;
}

function matches(item: Json, { path, equal, value, nullish }: Query): boolean {
  const found = path.length === 0 ? item : walk(item, path);
  const isNested = typeof found === "object" && found !== null;
  if (nullish) {
    // As gjson has it: what is nested is null by itself, and none at a path.
    return ((found ?? null) === null || (isNested && path.length === 0)) === equal;
  }
  // It compares neither objects nor arrays: they match nothing, whatever the operator.
  return found !== undefined && !isNested && (String(found) === String(value)) === equal;
}
