import { z } from "zod";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";

const route = z.strictObject({
  pattern: z.string(),
  script: z.string().min(1).nullish(),
  // As clients send it back.
  id: z.unknown().optional(),
});

/** A host with at most a leading wildcard, then a path with at most a trailing one. */
const pattern = /^(https?:\/\/)?(\*\.?)?[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^*?\s]*\*?|\*)?$/i;

/**
 * Body of a POST or PUT.
 * @throws {ApiError} 400/10022 for a pattern that is none
 * @see https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior
 */
export function parseRoute(body: unknown): { pattern: string; script: string | null } {
  const given = parse(route, body, "routePattern", { showValues: true });
  if (pattern.test(given.pattern)) return { pattern: given.pattern, script: given.script ?? null };
  throw ApiError.of(
    400,
    "routePattern",
    `"${given.pattern}" is no route pattern: a host of the zone, which may begin with "*", and a path, which may end in "*".`,
  );
}

const hostname = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

const domain = z.strictObject({
  hostname: z.string().regex(hostname, "must be a host name such as chat.example.com"),
  service: z.string().min(1),
  zone_id: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits"),
  environment: z.literal("production", "only production exists").default("production"),
});

/**
 * Body of PUT `/workers/domains`.
 * @throws {ApiError} 400
 * @see https://developers.cloudflare.com/api/resources/workers/subresources/domains/methods/update/
 */
export const parseDomain = (body: unknown): z.output<typeof domain> =>
  parse(domain, body, "badUpload", { showValues: true });

/**
 * Zones are not emulated: any id a zone can have is one.
 * @throws {ApiError} 400/7003
 */
export function parseZoneId(text: string | undefined): string {
  if (text !== undefined && /^[0-9a-f]{32}$/.test(text)) return text;
  throw ApiError.of(
    400,
    "noRoute",
    `Could not route to /zones/${text}/workers/routes, perhaps your object identifier is invalid?`,
    "A zone's id has 32 hexadecimal digits. The emulator has no zones and takes any such id.",
  );
}
