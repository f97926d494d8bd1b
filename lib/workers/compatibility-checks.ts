import { wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";

export const checkCompatibilityDate = (date: unknown): string | undefined =>
  date === undefined || isToken(date) || isDate(date)
    ? undefined
    : wrongValue("compatibilityDate", date, 'a date as YYYY-MM-DD, such as "2026-04-26"');

export const checkCompatibilityFlags = (flags: unknown): string | undefined =>
  flags === undefined ||
  isToken(flags) ||
  (Array.isArray(flags) && flags.every((flag) => typeof flag === "string"))
    ? undefined
    : wrongValue("compatibilityFlags", flags, 'an array of flags, such as ["nodejs_compat"]');

/** JSON vars are made of texts by a module in front of the bundle, which the flag would keep from `env`. */
export const checkImportableEnv = (
  compatibilityFlags: readonly string[] = [],
  jsonVarNames: readonly string[],
): readonly string[] =>
  jsonVarNames.length > 0 && compatibilityFlags.includes("disallow_importable_env")
    ? [
        'compatibilityFlags: got "disallow_importable_env" with jsonVars; JSON vars are parsed through the importable env. Remove the flag, or pass texts in vars and parse them in the Worker.',
      ]
    : [];

function isDate(text: unknown): boolean {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return false;
  }
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
