import { z } from "zod";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";

const off = z.strictObject({
  enabled: z.literal(false, "only false is emulated here; use /workers/scripts/{name}/subdomain"),
  previews_enabled: z.literal(false).default(false),
});

const shell = z.strictObject({
  name: z.string(),
  logpush: z.boolean().optional(),
  observability: z.record(z.string(), z.json()).optional(),
  subdomain: off.optional(),
  tags: z.array(z.string()).optional(),
  tail_consumers: z.array(z.record(z.string(), z.json())).optional(),
});

/** Body of POST and PUT `/workers/workers`. @throws {ApiError} 400 */
export const parseWorkerShell = (json: unknown) => parse(shell, json, "badUpload");

const version = z.looseObject({
  modules: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        content_type: z.string().min(1),
        content_base64: z.base64(),
      }),
    )
    .min(1),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** Body of POST `/versions`; what is not of the version API stays for the metadata's own check. */
export function parseVersion(json: unknown): z.output<typeof version> {
  const parsed = parse(version, json, "badUpload");
  const odd = ["keep_bindings", "keep_assets"].find((key) => Object.hasOwn(parsed, key));
  if (odd === undefined) return parsed;
  const message = `${odd}: unknown; a version says all it has, or takes single bindings over with type inherit.`;
  throw ApiError.of(400, "badUpload", message);
}
