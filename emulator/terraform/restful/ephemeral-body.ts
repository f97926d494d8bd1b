import { createHash } from "node:crypto";
import { isWhollyKnown, type ObjectValue, UNKNOWN, type Value } from "../core/cty-value.js";
import { type Diagnostics, ProviderError } from "../core/diagnostics.js";
import { toJson } from "../core/dynamic-json.js";
import type { Json } from "../core/exact-json.js";
import type { PrivateState } from "../core/private-state.js";
import { canonicalJson, disjoint, skeleton } from "./merge-patch.js";

/*
 * The write-only part of a request body. Only a hash of it and its keys are kept, in the form the
 * real provider keeps them, so that either provider notices a change the other one's state has not
 * seen.
 */

const ENTRY = "ephemeral_body";

export function ephemeralJson(value: Value | undefined): Json | undefined {
  return value === null || value === undefined || value === UNKNOWN ? undefined : toJson(value);
}

/** Refuses a key that stands in `body` too: whichever value won, the other would be a surprise. */
export function validateEphemeralBody(config: ObjectValue, diagnostics: Diagnostics): void {
  const { body = null, ephemeral_body: secret = null } = config;
  if (body === UNKNOWN || secret === UNKNOWN || secret === null) return;
  if (body === null) {
    diagnostics.error(
      "ephemeral_body without body",
      "The secret part is merged into `body`; give that, `{}` at least.",
      ENTRY,
    );
  } else if (isWhollyKnown(secret) && !disjoint(toJson(body), toJson(secret))) {
    diagnostics.error(
      "body and ephemeral_body overlap",
      "Each key may stand in one of the two only, and both must be objects.",
      ENTRY,
    );
  }
}

/** True when the secret is not the one that was last sent. */
export function ephemeralBodyChanged(value: Value | undefined, own: PrivateState): boolean {
  if (value === UNKNOWN) return true;
  const kept = own.get(ENTRY);
  const secret = ephemeralJson(value);
  if (kept === undefined) return secret !== undefined;
  return secret === undefined || parse(kept).hash !== hash(secret);
}

/** Remembers what was sent; undefined forgets. */
export function rememberEphemeralBody(secret: Json | undefined, own: PrivateState): void {
  if (secret === undefined) {
    own.set(ENTRY, undefined);
    return;
  }
  const keys = Buffer.from(canonicalJson(skeleton(secret))).toString("base64");
  own.set(ENTRY, JSON.stringify({ hash: hash(secret), null: keys }));
}

/** The keys of the secret last sent, every value null. */
export function ephemeralBodyKeys(own: PrivateState): Json | undefined {
  const kept = own.get(ENTRY);
  const keys = kept === undefined ? undefined : parse(kept).null;
  return keys === undefined
    ? undefined
    : (JSON.parse(Buffer.from(keys, "base64").toString("utf8")) as Json);
}

const hash = (secret: Json): string =>
  createHash("sha256").update(canonicalJson(secret)).digest("base64");

function parse(entry: string): { readonly hash?: string; readonly null?: string } {
  try {
    return JSON.parse(entry) as { hash?: string; null?: string };
  } catch {
    throw new ProviderError(
      "Private state is not readable",
      "What is kept about `ephemeral_body` is no JSON. Replace the resource to write it anew.",
    );
  }
}
