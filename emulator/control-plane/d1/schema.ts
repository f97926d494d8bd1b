import { z } from "zod";
import { parse } from "../parse.js";

const oneOf = <Words extends readonly [string, ...string[]]>(words: Words) =>
  z.string().toLowerCase().pipe(z.enum(words));

/** Without null: the API refuses a null here, which the Terraform provider sends when it is removed. */
const readReplication = z.strictObject({ mode: oneOf(["auto", "disabled"]) });

const place = {
  jurisdiction: oneOf(["eu", "fedramp"]).optional(),
  primary_location_hint: oneOf(["wnam", "enam", "weur", "eeur", "apac", "oc"]).optional(),
};

const newDatabase = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/, 'must be letters, digits, "_" and "-", not "-" first'),
  ...place,
  read_replication: readReplication.optional(),
});

/** What only a POST can set may come along with its old value, as the Terraform provider sends it. */
const replacement = newDatabase.partial().extend({ read_replication: readReplication });

/**
 * Body of a POST.
 * @throws {ApiError} 400/7400
 * @see https://developers.cloudflare.com/api/resources/d1/subresources/database/methods/create/
 */
export const parseNewDatabase = (body: unknown): z.output<typeof newDatabase> =>
  parse(newDatabase, body, "d1Invalid", { showValues: true });

/** Body of a PUT. @throws {ApiError} 400/7400 */
export const parseDatabase = (body: unknown): z.output<typeof replacement> =>
  parse(replacement, body, "d1Invalid", { showValues: true });

/** Body of a PATCH. @throws {ApiError} 400/7400 */
export const parseDatabasePatch = (
  body: unknown,
): { read_replication?: z.output<typeof readReplication> | undefined } =>
  parse(newDatabase.partial(), body, "d1Invalid", { showValues: true });
