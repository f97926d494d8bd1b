import { show } from "./prop-rules.js";

/** Names of values in a query that are credentials, such as `api_key`, `access-token` and `apiKey`. */
const credentialName =
  /(^|[-_.])(api-?key|key|token|secret|pass|passwd|password|pwd|bearer|credentials?|auth|authorization|sig|signature)$/i;

/** Values that are credentials under any name: keys of providers, tokens of a well-known form. */
const credentialValue =
  /^(sk[-_]|rk_|pk[-_]|gh[a-z]_|github_pat_|xox[a-z]-|bearer\s|basic\s|eyJ[\w-]+\.)/i;

/** A URL without the user, the password and the keys that somebody put into it. */
export function withoutCredentials(url: string): string {
  if (!hasCredentials(url)) {
    return url;
  }
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  for (const name of credentialsInQuery(parsed)) {
    parsed.searchParams.delete(name);
  }
  return parsed.href;
}

export function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const parsed = new URL(url);
  return parsed.username !== "" || parsed.password !== "" || credentialsInQuery(parsed).length > 0;
}

/** Names of the values in a URL's query that look like credentials. */
export const credentialsInQuery = ({ searchParams }: URL): readonly string[] =>
  [...searchParams].filter(looksLikeCredential).map(([name]) => name);

const looksLikeCredential = ([name, value]: readonly [string, string]): boolean =>
  credentialName.test(name.replaceAll(/([a-z])([A-Z])/g, "$1-$2")) ||
  [name, value].some((text) => credentialValue.test(text));

/**
 * A URL as a message shows it: what stands in front of its host and behind its path may be a credential. It may be no
 * URL at all, for a password with a slash in it makes none: all in front of the last "@" is taken for one.
 */
export const showUrl = (url: unknown): string =>
  show(
    typeof url === "string"
      ? url.replace(/^((?:https?:)?[/\\]*).*@/is, "$1…@").replace(/([?#]).+$/s, "$1…")
      : url,
  );
