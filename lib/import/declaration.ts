import { type Code, Expression, renderCode } from "./code.js";

/** One construct of the code that is written. */
export interface Declaration {
  /** Its class, imported from this package. */
  readonly className: string;
  /** What its construct id is made from. */
  readonly name: string;
  readonly props: Readonly<Record<string, Code | undefined>>;
  /** What `importFrom` is called with. */
  readonly importFrom: readonly string[];
  /** Terraform objects that are imported. */
  readonly objects: number;
  /**
   * Those of them that a plan has "to change": their state needs to know how later requests are sent, for which an import
   * has no words. Nothing is sent for it. @default none
   */
  readonly updates?: number;
  /** Lines of a comment before it. */
  readonly comment?: readonly string[];
  /** What synth refuses in it. */
  readonly problems?: readonly string[];
  /** The variable it is assigned to. @default none */
  readonly variable?: string;
}

/** Gives each construct of a stack an id, and each variable a name, that no other one has. */
export class FreeNames {
  readonly #taken = new Set<string>();

  constructor(...taken: readonly string[]) {
    for (const name of taken) this.#taken.add(name);
  }

  /** A construct id: words joined by hyphens. */
  constructId(name: string): string {
    const words = name
      .toLowerCase()
      .split(/[^a-z0-9_]+/)
      .filter((word) => word !== "");
    const id = words.join("-") || "unnamed";
    // Terraform's name of a resource begins with it, and with no digit.
    return this.#free(/^\d/.test(id) ? `_${id}` : id, "-");
  }

  /** A variable in camelCase, with its kind behind it. */
  variable(name: string, kind: string): string {
    const words = `${name}-${kind}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const camel = words
      .map((word, index) => (index === 0 ? word.toLowerCase() : capitalized(word)))
      .join("");
    return this.#free(/^[a-z]/.test(camel) ? camel : `${kind}${capitalized(camel)}`, "");
  }

  #free(name: string, separator: string): string {
    let free = name;
    for (let number = 2; this.#taken.has(free); number++) free = `${name}${separator}${number}`;
    this.#taken.add(free);
    return free;
  }
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * The statements that declare and import one construct.
 * @param indent spaces before each line
 */
export function renderDeclaration(
  declaration: Declaration,
  constructId: string,
  indent: number,
): string {
  const pad = " ".repeat(indent);
  const { className, props, importFrom, comment = [], variable } = declaration;
  const before = variable === undefined ? "" : `const ${variable} = `;
  const head = `${pad}${before}new ${className}(stack, ${JSON.stringify(constructId)}`;
  const args = importFrom.map((id) => JSON.stringify(id)).join(", ");
  const importCall = `.importFrom(${args});`;
  const tail = variable === undefined ? `)${importCall}` : ");";
  const given = Object.values(props).some((value) => value !== undefined);
  const lines = given
    ? `${head}, ${renderCode(props, indent, head.length + 2 + tail.length)}${tail}`
    : `${head}${tail}`;
  return [
    ...comment.map((line) => `${pad}// ${line}`.trimEnd()),
    lines,
    ...(variable === undefined ? [] : [`${pad}${variable}${importCall}`]),
  ].join("\n");
}

/** The props of a construct that belongs to the gateway in a variable; `gateway` is written in short. */
export const ofGateway =
  (variable: string) =>
  (
    props: Readonly<Record<string, Code | undefined>>,
  ): Readonly<Record<string, Code | undefined>> => ({
    gateway: new Expression(variable),
    ...props,
  });
