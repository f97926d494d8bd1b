import { randomBytes } from "node:crypto";
import { note } from "./run-notes.js";

/**
 * In every canary, and in nothing else, not even in a copy of this file: letters and digits, which no escaping changes.
 */
export const CANARY_MARK = ["cNrY7", "q2Xw9"].join("");

const canaries = new Map<string, string>();
const watched: Secret[] = [];

export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface CanaryOptions {
  /** Characters before it, where a kind of secret is known by them, such as "sk-". @default none */
  readonly after?: string;

  /** Further characters, such as those that JSON, URLs or templates escape. @default none */
  readonly with?: string;
}

/**
 * A secret for a test, another one at each run, that {@link scanForCanaries} finds wherever it got to. The same name
 * is the same secret throughout a test file.
 */
export function canary(
  name: string,
  { after = "", with: further = "" }: CanaryOptions = {},
): string {
  const known = canaries.get(name);
  if (known !== undefined) return known;
  // The mark is at both ends: half a secret is one, too.
  const value = `${after}${CANARY_MARK}${randomBytes(12).toString("hex")}${further}${CANARY_MARK}`;
  canaries.set(name, value);
  note("secret", { name, value });
  return value;
}

/** Secrets that something else makes, such as an API token: they are looked for as they are. */
export function watchSecret(name: string, value: string): void {
  // A text this short is everywhere.
  if (value.length < 8) throw new Error(`${name}: no text to look for, ${value.length} characters`);
  if (watched.some((secret) => secret.value === value)) return;
  watched.push({ name, value });
  note("secret", { name, value });
}

/** Every secret of this test file. */
export const knownSecrets = (): readonly Secret[] => [
  ...[...canaries].map(([name, value]) => ({ name, value })),
  ...watched,
];
