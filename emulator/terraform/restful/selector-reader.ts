import { isJsonObject, type Json } from "../core/exact-json.js";

/*
 * The part of gjson's path language that selectors use: keys, indexes, `#`, `#(key==value)`,
 * `#(!=~null)`, `@this`, `@keys`, `@values`, `@join`, and `{a,b}` / `[a,b]`, which build a new document and may have literals such as `!{}` in
 * it. The rest (wildcards, other modifiers, pipes) is refused: read wrongly, it would show up as drift that is not there.
 */

export type Step =
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "each" }
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "modifier"; readonly name: Modifier }
  | { readonly kind: "query"; readonly query: Query; readonly all: boolean }
  | { readonly kind: "object" | "array"; readonly parts: readonly Part[] };

export interface Part {
  readonly name: string;
  readonly path: Path;
}

export interface Query {
  readonly path: Path;
  readonly equal: boolean;
  readonly value: Json;
  /** Whether it is compared with all that is null, as `~null` is. */
  readonly nullish: boolean;
}

export type Path = readonly Step[];

export const modifiers = {
  "@keys": (json: Json): Json => (isJsonObject(json) ? Object.keys(json) : []),
  "@values": (json: Json): Json =>
    Array.isArray(json) ? json : isJsonObject(json) ? Object.values(json) : [json],
  /** The objects of an array as one. */
  "@join": (json: Json): Json =>
    Array.isArray(json) ? Object.assign({}, ...json.filter(isJsonObject)) : json,
} as const;
type Modifier = keyof typeof modifiers;

const isModifier = (name: string): name is Modifier => Object.hasOwn(modifiers, name);

/** Says what of a selector is not understood, and what is. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";

  constructor(selector: string, fault: string) {
    super(
      `In "${selector}" ${fault}. The embedded provider reads keys, indexes, "#", ` +
        '"#(key==value)", "@this", "@keys", "@values", "@join", "{a,b}" and "[a,b]".',
    );
  }
}

/** Reads a selector's text into its steps. */
export class SelectorReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  path(terminators: string): Path {
    const steps: Step[] = [];
    for (;;) {
      const step = this.#step(terminators);
      if (step) steps.push(step);
      if (this.#peek() !== ".") return steps;
      this.#at++;
    }
  }

  end(): void {
    if (this.#at < this.#text.length)
      this.#fail(`"${this.#text.slice(this.#at)}" is not understood`);
  }

  #step(terminators: string): Step | undefined {
    const next = this.#peek();
    if (next === "{") return { kind: "object", parts: this.#parts("}") };
    if (next === "[") return { kind: "array", parts: this.#parts("]") };
    if (next === "#") return this.#each(terminators);
    if (next === "!") return this.#static();
    const name = this.#name(terminators);
    if (name === "@this") return undefined;
    if (isModifier(name)) return { kind: "modifier", name };
    return { kind: "key", name };
  }

  #each(terminators: string): Step {
    this.#at++;
    if (this.#peek() !== "(") {
      if (!this.#ends(terminators)) this.#fail('"#" must stand alone between dots');
      return { kind: "each" };
    }
    this.#at++;
    const rest = this.#text.slice(this.#at);
    const path = /^[=!]=/.test(rest) ? [] : this.path("=!)<>%");
    const operator = /^(==|!=)/.exec(this.#text.slice(this.#at))?.[0];
    if (!operator) this.#fail('only "==" and "!=" are compared');
    this.#at += 2;
    const nullish = this.#text.startsWith("~null)", this.#at);
    const value = this.#literal();
    if (!nullish && String(value).startsWith("~")) this.#fail('of "~", only "~null" is known');
    if (this.#peek() !== ")") this.#fail('")" is missing');
    this.#at++;
    const all = this.#peek() === "#";
    if (all) this.#at++;
    return { kind: "query", query: { path, equal: operator === "==", value, nullish }, all };
  }

  /** A value that is not in the document. */
  #static(): Step {
    const [text = "", json = ""] =
      /^!("(?:[^"\\]|\\.)*"|\{\}|\[\]|[\w+-][\w+.-]*)/.exec(this.#text.slice(this.#at)) ?? [];
    try {
      const value = JSON.parse(json) as Json;
      this.#at += text.length;
      return { kind: "literal", value };
    } catch {
      return this.#fail('a literal is none of a text, a number, true, false, null, "{}" and "[]"');
    }
  }

  #literal(): Json {
    const match = /^("(?:[^"\\]|\\.)*"|[^)]*)/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += match.length;
    try {
      return JSON.parse(match) as Json;
    } catch {
      return match; // gjson takes a bare word for a string.
    }
  }

  #parts(close: "}" | "]"): Part[] {
    const parts: Part[] = [];
    this.#at++;
    for (;;) {
      parts.push(this.#part(close));
      const next = this.#peek();
      this.#at++;
      if (next === close) return parts;
      if (next !== ",") this.#fail(`"${close}" is missing`);
    }
  }

  #part(close: string): Part {
    const named = /^"((?:[^"\\]|\\.)*)":/.exec(this.#text.slice(this.#at));
    if (named) this.#at += named[0].length;
    const path = this.path(`,${close}`);
    const last = path.at(-1);
    const own = last?.kind === "key" ? last.name : "_";
    return { name: named ? (JSON.parse(`"${named[1]}"`) as string) : own, path };
  }

  #name(terminators: string): string {
    let name = "";
    for (; !this.#ends(terminators); this.#at++) {
      const next = this.#text[this.#at] as string;
      if (next === "\\") {
        this.#at++;
        name += this.#text[this.#at] ?? "";
      } else if ("*?|:".includes(next)) {
        this.#fail(`"${next}" is not supported`);
      } else {
        name += next;
      }
    }
    if (name === "") this.#fail("a key is empty");
    if (/^[@!]/.test(name) && name !== "@this" && !isModifier(name))
      this.#fail(`"${name}" is not supported`);
    return name;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #ends(terminators: string): boolean {
    const next = this.#peek();
    return next === undefined || next === "." || terminators.includes(next);
  }

  #fail(fault: string): never {
    throw new SelectorError(this.#text, fault);
  }
}
