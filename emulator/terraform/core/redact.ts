const MAX_LENGTH = 2_000;
const PLACEHOLDER = "(secret)";

/**
 * The text without the secrets, for a person's eyes.
 *
 * A secret too short to be told from ordinary text withholds the whole text.
 */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === "") continue;
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (secret.length < 4 && clean.includes(escaped)) return "(withheld: it holds a secret)";
    clean = clean.replaceAll(secret, PLACEHOLDER).replaceAll(escaped, PLACEHOLDER);
  }
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)} …` : clean;
}
