import { ProviderError } from "../core/diagnostics.js";
import { type Json, stringifyExactJson } from "../core/exact-json.js";
import { Selector } from "./selector.js";

/*
 * `$(path)`, `$(body)`, `$(body.x.y)` and `$f1.f2(body.x)` inside of paths, selectors, headers and
 * query values.
 */

const pattern = /\$([\w.]*)\(([\w.]+)\)/g;

type TextFunction = (text: string, path: string) => string;

const functions: Readonly<Record<string, TextFunction>> = {
  escape: (text) => escapePath(text),
  unescape: (text) => decodeURIComponent(text),
  query_escape: (text) => new URLSearchParams([["", text]]).toString().slice(1),
  query_unescape: (text) => decodeURIComponent(text.replaceAll("+", " ")),
  base: (text) => text.replace(/\/+$/, "").split("/").at(-1) ?? "",
  url_path: (text) => new URL(text, "http://relative.invalid").pathname,
  trim_path: (text, path) => {
    const prefix = `${path.replace(/\/+$/, "")}/`;
    if (text.startsWith(prefix)) return text.slice(prefix.length);
    throw new ProviderError("Path does not fit", `"${text}" does not begin with "${path}".`);
  },
};

/** A segment of a path, with the characters Go leaves alone left alone. */
function escapePath(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(24|26|2B|3A|3D|40)/g, (code) => decodeURIComponent(code));
}

/**
 * Says what is wrong with a path expression of the configuration.
 * @returns undefined when nothing is.
 */
export function pathFault(expression: string): string | undefined {
  for (const [whole, names, reference] of expression.matchAll(pattern)) {
    const unknown = chain(names).find((name) => !Object.hasOwn(functions, name));
    if (unknown) {
      return `"${unknown}" in ${whole} is no function; there are ${Object.keys(functions).join(", ")}.`;
    }
    if (reference !== "path" && reference !== "body" && !reference?.startsWith("body.")) {
      return `${whole} refers to neither path nor body.`;
    }
  }
  return undefined;
}

/** A path from its expression; values of the body are escaped unless a function is named. */
export function expandPath(expression: string, path: string, body: Json | undefined): string {
  return expression.replace(pattern, (whole, names: string, reference: string) => {
    if (reference === "path") return path;
    const applied = names === "" ? ["escape"] : chain(names);
    return apply(applied, bodyText(whole, reference, body), path);
  });
}

/** Any other text from its expression, body values as they are. */
export function expandText(expression: string, body: Json | undefined): string {
  if (body === undefined || body === null) return expression;
  return expression.replace(pattern, (whole, names: string, reference: string) =>
    apply(chain(names), bodyText(whole, reference, body), ""),
  );
}

const chain = (names: string | undefined): string[] => (names ? names.split(".") : []);

function apply(names: readonly string[], text: string, path: string): string {
  return names.reduce((value, name) => {
    const one = functions[name];
    if (!one) throw new ProviderError("Unknown function", `"${name}" in a path expression.`);
    return one(value, path);
  }, text);
}

function bodyText(whole: string, reference: string, body: Json | undefined): string {
  const selector = reference === "body" ? "@this" : reference.replace(/^body\./, "");
  const found = body === undefined ? undefined : new Selector(selector).select(body);
  if (found === undefined) {
    throw new ProviderError(
      "Value missing in the answer",
      `${whole} needs "${selector}", which the API's answer does not have.`,
    );
  }
  return typeof found === "string" ? found : found === null ? "" : stringifyExactJson(found);
}
