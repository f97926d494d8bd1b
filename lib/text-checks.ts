import { wrongValue } from "./prop-rules.js";
import { isToken } from "./terraform-text.js";

/** Whether a text is of a form; a token is. */
export const matches = (text: unknown, pattern: RegExp): boolean =>
  isToken(text) || (typeof text === "string" && pattern.test(text));

/** Whether it has a half of a character written with two, as a cut emoji: no text of Terraform can. */
export const hasHalfCharacter = (text: string): boolean => /\p{Cs}/u.test(text);

/** Whether it is a text that says something; a token does. */
export const isText = (text: unknown): boolean => matches(text, /^(?=[\s\S]*\S)\P{Cs}*$/u);

/** A text that is not empty; not set and tokens are fine. */
export const checkText = (prop: string, text: unknown): string | undefined =>
  text === undefined || isText(text)
    ? undefined
    : wrongValue(
        prop,
        text,
        typeof text === "string" && hasHalfCharacter(text)
          ? "a text of whole characters: it has been cut in the middle of one"
          : "a text that is not empty",
      );

/** An id Cloudflare gave, written out; it goes into paths. A token is fine. */
export const checkId = (prop: string, id: unknown): readonly string[] =>
  matches(id, /^[\w-]{1,128}$/)
    ? []
    : [
        wrongValue(
          prop,
          id,
          'an id as Cloudflare gave it: letters, digits, "-" and "_". The dashboard shows it beside the name',
        ),
      ];
