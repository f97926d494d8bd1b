import { z } from "zod";
import { notEmulated } from "../api-error.js";
import { direction, openPaging, parseQuery, queryFlag } from "../list-query.js";
import { parse } from "../parse.js";

/** Services that may be let at a secret. */
export const secretScopes = [
  "workers",
  "ai_gateway",
  "dex",
  "access",
  "containers",
  "websearch",
] as const;

/** Longest value, in bytes of UTF-8. */
const MAX_VALUE_BYTES = 65_536;

const name = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be letters, digits, "_" and "-"');

const newStore = z.strictObject({ name });
/** Older clients send a list, and get one. */
const newStores = z.array(newStore).length(1, "must hold one store");

const value = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= MAX_VALUE_BYTES, "must have at most 65536 bytes");
const scopes = z.array(z.enum(secretScopes)).min(1);
const comment = z.string();

const newSecrets = z
  .array(z.strictObject({ name, value, scopes, comment: comment.default("") }))
  .min(1);

const secretEdit = z.strictObject({ value, scopes, comment }).partial();

const secretQuery = z.strictObject({
  ...openPaging,
  direction: direction.default("asc"),
  order: z.enum(["name", "comment", "created", "modified", "status"]).optional(),
  search: z.string().default(""),
});

const deleteQuery = z.strictObject({ force: queryFlag.prefault("false") });

export type NewSecret = z.output<typeof newSecrets>[number];

/** Body of POST `/stores`, and whether it is a list. @throws {ApiError} 400/1001 */
export function parseNewStore(body: unknown): { readonly name: string; readonly inList: boolean } {
  const told = { showValues: true };
  if (!Array.isArray(body)) {
    return { ...parse(newStore, body, "secretsStore", told), inList: false };
  }
  const [store] = parse(newStores, body, "secretsStore", told);
  return { name: store?.name ?? "", inList: true };
}

/**
 * Body of POST `/stores/:store/secrets`. Messages never quote it.
 * @throws {ApiError} 400/1001
 * @see https://developers.cloudflare.com/api/resources/secrets_store/
 */
export function parseNewSecrets(body: unknown): readonly NewSecret[] {
  return parse(newSecrets, body, "secretsStore");
}

/**
 * Body of PATCH `/stores/:store/secrets/:secret`: what it leaves out stays. Messages never quote it.
 * @throws {ApiError} 400/1001
 */
export function parseSecretEdit(body: unknown): z.output<typeof secretEdit> {
  return parse(secretEdit, body, "secretsStore");
}

/** Which secrets a list shows, and in which order. @throws {ApiError} 400/1001, or 501 for `scopes` */
export function parseSecretQuery(query: Record<string, string>): z.output<typeof secretQuery> {
  // Whichever form the client gives a list: `scopes`, `scopes[]` or `scopes[0]`.
  if (Object.keys(query).some((key) => /^scopes(\[|$)/.test(key))) {
    throw notEmulated('a list of secrets by "scopes"; leave the filter out.');
  }
  return parseQuery(secretQuery, query, "secretsStore");
}

/** Whether a store is to be deleted with its secrets. @throws {ApiError} 400/1001 */
export function parseForce(query: Record<string, string>): boolean {
  return parseQuery(deleteQuery, query, "secretsStore").force;
}
