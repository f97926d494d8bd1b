import { randomBytes } from "node:crypto";

/** In every canary, and in nothing else: letters and digits, which no escaping changes. */
export const CANARY_MARK = "cNrY7q2Xw9";

const canaries = new Map<string, string>();

export interface CanaryOptions {
  /** Further characters, such as those that JSON, URLs or templates escape. @default none */
  readonly with?: string;
}

/**
 * A secret for a test, another one at each run, that {@link scanForCanaries} finds wherever it got to. The same name
 * is the same secret throughout a test file.
 */
export function canary(name: string, { with: further = "" }: CanaryOptions = {}): string {
  const known = canaries.get(name);
  if (known !== undefined) return known;
  // The mark is at both ends: half a secret is one, too.
  const value = `${CANARY_MARK}${randomBytes(12).toString("hex")}${further}${CANARY_MARK}`;
  canaries.set(name, value);
  return value;
}

/** Secrets that something else makes, such as an API token: they are looked for as they are. */
export function watchSecret(name: string, value: string): void {
  canaries.set(name, value);
}

/** Every secret of this test file, by its name. */
export const knownCanaries = (): ReadonlyMap<string, string> => canaries;
