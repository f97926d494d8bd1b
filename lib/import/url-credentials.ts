/** A URL without the user and password that somebody put into it. */
export function withoutCredentials(url: string): string {
  if (!hasCredentials(url)) {
    return url;
  }
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}

export function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}
