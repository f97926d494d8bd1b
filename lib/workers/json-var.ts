import { type IResolveContext, Token } from "cdktf";
import {
  escapeInQuotes,
  escapeLiteral,
  isToken,
  ResolvedText,
  resolveParts,
  type TextPart,
} from "../terraform-text.js";

/** What a JSON variable may be. A plain text is no JSON variable: that is what `vars` are for. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Thrown by {@link renderJsonVar}; says where in the value there is what JSON cannot say. */
export class JsonVarError extends Error {
  override readonly name = "JsonVarError";
}

/**
 * A JSON variable's text, as Terraform reads it. Literals arrive as written, whatever template signs are
 * in them; tokens become expressions, encoded by Terraform.
 * @throws {@link JsonVarError} for what JSON cannot say
 */
export function renderJsonVar(value: unknown): string {
  checkJson(value, "value", []);
  return holdsToken(value)
    ? Token.asString(new ResolvedText((context) => renderResolved(value, context)))
    : escapeLiteral(JSON.stringify(value));
}

function checkJson(value: unknown, at: string, around: readonly unknown[]): void {
  if (isToken(value) || value === null || typeof value === "boolean" || typeof value === "string") {
    return;
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    return;
  }
  if (around.includes(value)) {
    throw new JsonVarError(`${at} is a part of itself`);
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      checkJson(item, `${at}[${index}]`, [...around, value]);
    }
    return;
  }
  if (!isPlainObject(value)) {
    throw new JsonVarError(`${at} is ${describe(value)}`);
  }
  for (const [key, member] of membersOf(value)) {
    checkJson(member, `${at}.${key}`, [...around, value]);
  }
}

function holdsToken(value: unknown): boolean {
  return (
    isToken(value) ||
    (typeof value === "object" && value !== null && Object.values(value).some(holdsToken))
  );
}

/** JSON whose tokens are expressions that Terraform turns into JSON. */
function renderResolved(value: unknown, context: IResolveContext): string {
  if (isToken(value)) {
    return renderParts(
      typeof value === "string"
        ? resolveParts(value, context)
        : [{ resolved: context.resolve(value) }],
    );
  }
  return renderMembers(value, (member) => renderResolved(member, context));
}

/** JSON of what a token stood for: cdktf has resolved all of it, and its expressions are texts. */
function renderKnown(value: unknown): string {
  return typeof value === "string"
    ? renderParts([{ resolved: value }])
    : renderMembers(value, renderKnown);
}

function renderMembers(value: unknown, render: (member: unknown) => string): string {
  if (Array.isArray(value)) {
    return `[${value.map(render).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    return `{${membersOf(value)
      .map(([key, member]) => `${render(key)}:${render(member)}`)
      .join(",")}}`;
  }
  return escapeLiteral(JSON.stringify(value));
}

function renderParts(parts: readonly TextPart[]): string {
  const [only] = parts;
  if (parts.length === 1 && only && "resolved" in only && typeof only.resolved !== "string") {
    return renderKnown(only.resolved);
  }
  if (!parts.some(isExpression)) {
    const text = parts.map((part) => ("literal" in part ? part.literal : part.resolved)).join("");
    return escapeLiteral(JSON.stringify(text));
  }
  const quoted = parts.map((part) =>
    "literal" in part
      ? escapeInQuotes(part.literal)
      : isExpression(part)
        ? part.resolved
        : escapeInQuotes(String(part.resolved)),
  );
  // Where the quotes hold one expression and nothing else, Terraform keeps the type of its value.
  return `\${jsonencode("${quoted.join("")}")}`;
}

const isExpression = (part: TextPart): boolean =>
  "resolved" in part && typeof part.resolved === "string" && part.resolved.includes("${");

const membersOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, member]) => member !== undefined);

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value === "object") {
    return `a ${value?.constructor?.name ?? "special object"}`;
  }
  return typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
}

/**
 * Code put before a bundle, so that the JSON variables are values before any of the bundle's own code runs:
 * the provider 5.14 sends their text as a string, not as JSON.
 *
 * On one line, so that the bundle's line numbers stay. A value that is no string was parsed on the way,
 * as newer providers do, and is left alone.
 */
export function renderJsonVarsPrelude(names: readonly string[]): string {
  if (names.length === 0) {
    return "";
  }
  return (
    `import{env as __jsonVarsEnv}from"cloudflare:workers";` +
    `for(const name of ${JSON.stringify(names)})` +
    `if(typeof __jsonVarsEnv[name]==="string")__jsonVarsEnv[name]=JSON.parse(__jsonVarsEnv[name]);`
  );
}
