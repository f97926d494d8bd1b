/** Names of values in a query that are credentials, such as `api_key` and `access-token`. */
const credential =
  /(^|[-_])(api-?key|apikey|key|token|secret|password|auth|authorization|sig|signature)$/i;

/** A URL without the user, the password and the keys that somebody put into it. */
export function withoutCredentials(url: string): string {
  if (!hasCredentials(url)) {
    return url;
  }
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  for (const name of [...parsed.searchParams.keys()]) {
    if (credential.test(name)) parsed.searchParams.delete(name);
  }
  return parsed.href;
}

export function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { username, password, searchParams } = new URL(url);
  return (
    username !== "" ||
    password !== "" ||
    [...searchParams.keys()].some((name) => credential.test(name))
  );
}
