import { type IResolvable, type IResolveContext, Token, Tokenization } from "cdktf";

/** Whether a value is only known to Terraform. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}

/**
 * A text whose `${` and `%{` reach their destination as written: Terraform reads every string of its
 * JSON as a template. cdktf's tokens stay what they are.
 */
export function escapeTemplate(text: string): string {
  const escaped = escapeLiteral(text);
  // cdktf takes a literal `${` for the start of an expression and would write the tokens after it
  // as parts of that expression.
  return escaped !== text && isToken(text)
    ? Token.asString(new ResolvedText((context) => renderTemplate(text, context)))
    : escaped;
}

/** A text whose tokens are resolved by a function of its own. */
export class ResolvedText implements IResolvable {
  readonly creationStack: string[] = [];
  readonly #render: (context: IResolveContext) => string;

  constructor(render: (context: IResolveContext) => string) {
    this.#render = render;
  }

  resolve(context: IResolveContext): string {
    return this.#render(context);
  }

  toString(): string {
    return Token.asString(this);
  }

  toJSON(): string {
    return "<unresolved text>";
  }
}

/** A part of a text: written out, or what a token stands for. */
export type TextPart = { readonly literal: string } | { readonly resolved: unknown };

/** A text's parts, tokens resolved: an expression comes as `${…}`. */
export function resolveParts(text: string, context: IResolveContext): readonly TextPart[] {
  const { fragments } = Tokenization.reverseString(text) as unknown as TokenizedFragments;
  return fragments.map((fragment) =>
    fragment.type === "token"
      ? { resolved: context.resolve(fragment.token) }
      : { literal: fragment.lit },
  );
}

/** What `Tokenization.reverseString` holds; its declaration only has the halves apart. */
interface TokenizedFragments {
  readonly fragments: readonly (
    | { readonly type: "token"; readonly token: IResolvable }
    | { readonly type: "literal"; readonly lit: string }
  )[];
}

function renderTemplate(text: string, context: IResolveContext): string {
  return resolveParts(text, context)
    .map((part) => ("literal" in part ? escapeLiteral(part.literal) : String(part.resolved)))
    .join("");
}

/** `${` and `%{` of a literal text as Terraform's templates write them. */
export function escapeLiteral(text: string): string {
  return text.replace(/([$%])\{(?!TfToken\[)/g, "$1$1{");
}

/** A literal text between the quotes of a string in a Terraform expression. */
export function escapeInQuotes(text: string): string {
  return escapeLiteral(inQuotes(text));
}

/**
 * The same without a `${` or brace to be seen: in a text with tokens, cdktf takes braces of a literal for those of
 * expressions, and writes the tokens after them in braces of their own.
 */
export function hideInQuotes(text: string): string {
  return inQuotes(text).replaceAll(/[$%{}]/g, unicodeEscape);
}

/** Terraform's strings have JSON's escapes, but for two. */
const inQuotes = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/\\(.)/g, (sequence, letter) =>
      letter === "b" || letter === "f" ? unicodeEscape(JSON.parse(`"${sequence}"`)) : sequence,
    );

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** What {@link escapeLiteral} was given. */
export function unescapeLiteral(text: string): string {
  return text.replaceAll(/([$%])\1\{/g, "$1{");
}
