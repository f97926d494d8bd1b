import { z } from "zod";
import { parse } from "../parse.js";

const newProviderConfig = z
  .strictObject({
    provider_slug: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens"),
    alias: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be letters, digits, "_" and "-"'),
    default_config: z.boolean(),
    secret: z.string().min(1).optional(),
    secret_id: z.string().min(1).optional(),
    rate_limit: z.int().min(1).optional(),
    rate_limit_period: z.int().min(1).optional(),
  })
  .refine(({ secret, secret_id }) => (secret === undefined) !== (secret_id === undefined), {
    message: "needs either secret or secret_id",
    path: ["secret_id"],
  });

export type NewProviderConfig = z.output<typeof newProviderConfig>;

/** Body of POST `/provider_configs`. Messages never quote it. @throws {ApiError} 400/7001 */
export function parseProviderConfig(body: unknown): NewProviderConfig {
  return parse(newProviderConfig, body, "validation");
}
