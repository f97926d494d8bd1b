/**
 * Whether `.assetsignore` keeps a file from being uploaded. Its lines are patterns as in `.gitignore`:
 * later ones win, `!` takes back, `/` at the start or inside ties to the folder's root, `/` at the end
 * means folders, `*` and `?` stay within a name, `**` does not.
 *
 * @see https://developers.cloudflare.com/workers/static-assets/binding/#ignoring-assets
 */
export function ignoreMatcher(text: string): (name: string) => boolean {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const negated = line.startsWith("!");
      return { negated, pattern: toPattern(negated ? line.slice(1) : line) };
    });
  return (name) => {
    let ignored = false;
    for (const { negated, pattern } of rules) {
      if (pattern.test(name)) {
        ignored = !negated;
      }
    }
    return ignored;
  };
}

function toPattern(line: string): RegExp {
  const foldersOnly = line.endsWith("/");
  const glob = line.replace(/\/$/, "");
  const anchored = glob.includes("/");
  const body = glob
    .replace(/^\//, "")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (sign) => wildcards[sign] as string);
  return new RegExp(`${anchored ? "^" : "(?:^|/)"}${body}${foldersOnly ? "/" : "(?:/|$)"}`);
}

const wildcards: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};
