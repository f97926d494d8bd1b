import { parseSync } from "@swc/core";

/** A secret that is written out where a canary must be. */
export interface LiteralSecret {
  readonly line: number;
  /** What it is given to. */
  readonly name: string;
  readonly text: string;
}

/** Names of props, variables and headers whose value is a secret: in lower case, without dashes and underscores. */
const secretName =
  /^tfvar.+$|(authorization|password|secrets?|credentials?|jwt|token|(access|api|auth|secret|session|stripe|otel)key|^x\w*key|secrettext)$/;

/** In code and configurations that are texts: `api_token = "…"`, `"authorization": "Bearer …"`. */
const inText =
  /["'`]?([\w-]*(?:authorization|password|secret|token|(?:access|api|auth|secret)[-_]?key))\\?["'`]?\s*[:=]\s*\\?["'`]((?:Bearer |Basic )?[^"'`\\\s]+)/gi;

/** Nothing, or what Terraform puts there. */
const isHarmless = (text: string): boolean => /^((Bearer|Basic) ?)?(\$\{[^}]*\}|\$)?$/.test(text);

const isSecretName = (name: string): boolean =>
  secretName.test(name.replaceAll(/[-_]/g, "").toLowerCase());

// biome-ignore lint/suspicious/noExplicitAny: a node of the syntax tree, of any type.
type Node = any;

/** Every secret that a source has as a literal, by itself or in a constant, and in texts such as configurations. */
export function literalSecrets(source: string): readonly LiteralSecret[] {
  // Positions count from the first token, which must be known.
  const code = `;${source}`;
  const module = parseSync(code, { syntax: "typescript", target: "es2023" });
  const bytes = Buffer.from(code);
  const nodes = [...nodesOf(module)];
  const constants = new Map<string, Node>(
    nodes
      .filter(({ type, id, init }) => type === "VariableDeclarator" && id.value && init)
      .map(({ id, init }) => [id.value, init]),
  );
  const found = nodes.flatMap((node) =>
    named(node)
      .filter(([name]) => isSecretName(name))
      .flatMap(([name, value]) => literals(value, constants).map((text) => ({ name, text, node })))
      .concat(textIn(node).map(([name, text]) => ({ name, text, node }))),
  );
  return found
    .filter(({ text }) => !isHarmless(text))
    .map(({ name, text, node }) => {
      const before = bytes.subarray(0, node.span.start - module.span.start).toString();
      return { line: before.split("\n").length, name, text };
    });
}

function* nodesOf(value: Node): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (typeof value.type === "string") yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

type Named = readonly (readonly [name: string, value: Node])[];

/** What a node gives values to, and which. */
function named(node: Node): Named {
  switch (node.type) {
    case "VariableDeclarator":
      return [[nameOf(node.id), node.init]];
    case "AssignmentExpression":
    case "AssignmentPattern":
      return [[nameOf(node.left), node.right]];
    case "ClassProperty":
    case "PrivateProperty":
      return [[nameOf(node.key), node.value]];
    case "ObjectExpression":
      return propsOf(node);
    default:
      return [];
  }
}

function propsOf({ properties }: Node): Named {
  const props: Named = properties
    .filter(({ type }: Node) => type === "KeyValueProperty" || type === "Identifier")
    .map((prop: Node) =>
      prop.type === "Identifier" ? [prop.value, prop] : [nameOf(prop.key), prop.value],
    );
  const names = props.map(([name]) => name);
  const isExporter = names.includes("url") && !names.includes("method");
  const isSecretText = props.some(([, { value }]) => value === "secret_text");
  return props.flatMap(([name, value]) => {
    if (isSecretText && name === "text") return [["secret_text", value]];
    // A secret of a store; but that of a filter is a list.
    if (name === "value" && value.type !== "ArrayExpression") return [["secret", value]];
    // Whatever their names are: secrets of a Worker, headers of an exporter.
    if (name === "secrets" || (name === "headers" && isExporter)) return everyProp(value);
    return [[name, value]] as Named;
  });
}

const everyProp = (value: Node): Named =>
  value.type === "ObjectExpression"
    ? propsOf(value).map(([name, one]) => [`${name}_secret`, one] as const)
    : [];

/** An identifier's, a text's, a member's, a computed key's. */
const nameOf = (node: Node): string => {
  const inside = node.property ?? node.expression;
  return inside === undefined ? String(node.value ?? "") : nameOf(inside);
};

/** The texts that a value is made of. */
function literals(value: Node, constants: ReadonlyMap<string, Node>): readonly string[] {
  const of = (...parts: readonly Node[]) => parts.flatMap((part) => literals(part, constants));
  switch (value?.type) {
    case "StringLiteral":
      return [value.value];
    case "Identifier": {
      const known = new Map(constants);
      known.delete(value.value);
      return literals(constants.get(value.value), known);
    }
    case "TemplateLiteral":
      return [
        value.expressions.length === 0 ? value.quasis[0].cooked : "",
        ...of(...value.expressions),
      ];
    case "BinaryExpression":
      return of(value.left, value.right);
    case "ConditionalExpression":
      return of(value.consequent, value.alternate);
    case "ArrayExpression":
      return of(...value.elements.map((element: Node) => element?.expression));
    case "CallExpression": {
      // A canary and what else is made elsewhere; but "x".repeat(9), fc.constant("x").
      const { object, property } = value.callee;
      if (/^constant/.test(property?.value))
        return of(...value.arguments.map((one: Node) => one.expression));
      return object?.type === "StringLiteral" ? [object.value] : [];
    }
    default:
      // In brackets, "as const", "!".
      return value?.expression === undefined ? [] : of(value.expression);
  }
}

/** What a text gives values to, such as a configuration or the code of a Worker. */
function textIn({ type, value, cooked }: Node): readonly (readonly [string, string])[] {
  if (type !== "StringLiteral" && type !== "TemplateElement") return [];
  return [...(value ?? cooked ?? "").matchAll(inText)].map(
    ({ 1: name = "", 2: text = "" }) => [name, text] as const,
  );
}
