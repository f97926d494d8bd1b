import { z } from "zod";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";

const name = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be letters, digits, "_" and "-"');

/** The API takes lists, of one entry as a rule. */
const newStores = z.array(z.strictObject({ name })).length(1, "must hold one store");

const newSecrets = z
  .array(
    z.strictObject({
      name,
      value: z.string().min(1).max(1_024, "must have at most 1024 characters"),
      scopes: z.array(z.string()).min(1),
      comment: z.string().default(""),
    }),
  )
  .min(1);

export type NewSecret = z.output<typeof newSecrets>[number];

/** Body of POST `/stores`. @throws {ApiError} 400/1001 */
export function parseNewStore(body: unknown): string {
  const [store] = parse(newStores, body, "secretsStore", { showValues: true });
  return store?.name ?? "";
}

/**
 * Body of POST `/stores/:store/secrets`. Messages never quote it.
 * @throws {ApiError} 400/1001
 * @see https://developers.cloudflare.com/api/resources/secrets_store/
 */
export function parseNewSecrets(body: unknown): readonly NewSecret[] {
  const secrets = parse(newSecrets, body, "secretsStore");
  const odd = secrets.find(({ scopes }) => !scopes.includes("workers"));
  if (odd) {
    const hint = `The secret "${odd.name}" is of use to a Worker only with the scope "workers".`;
    throw ApiError.of(400, "secretsStore", "secret_scope_invalid", hint);
  }
  return secrets;
}
