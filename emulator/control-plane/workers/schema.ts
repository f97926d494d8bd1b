import { z } from "zod";
import { bindingFields } from "../../state/stored-binding.js";
import type { ScriptBinding } from "../../workerd/uploaded-script.js";
import { ApiError, type ApiMessage, apiErrorCodes, notEmulated } from "../api-error.js";
import { parse } from "../parse.js";
import { containerClasses, declaredExports, migrations } from "./class-change-schema.js";
import type { InheritedBinding } from "./resolve-bindings.js";

const name = z.string().min(1);

function schemaOf<Type extends keyof typeof bindingFields>(type: Type) {
  return z.strictObject({ type: z.literal(type), ...bindingFields[type] });
}

/** The bindings the emulator can give a Worker, as an upload's metadata spells them. */
const bindingSchemas: Readonly<Record<ScriptBinding["type"], z.ZodType<ScriptBinding>>> = {
  ai: schemaOf("ai"),
  assets: schemaOf("assets"),
  plain_text: schemaOf("plain_text"),
  secret_text: z.strictObject({ type: z.literal("secret_text"), name, text: z.string() }),
  json: schemaOf("json").refine(({ json }) => json !== undefined, "json: must be there"),
  durable_object_namespace: schemaOf("durable_object_namespace"),
  workflow: schemaOf("workflow"),
  kv_namespace: schemaOf("kv_namespace"),
  r2_bucket: schemaOf("r2_bucket"),
  d1: schemaOf("d1"),
  queue: schemaOf("queue"),
  service: schemaOf("service"),
  ratelimit: schemaOf("ratelimit"),
  version_metadata: schemaOf("version_metadata"),
  secrets_store_secret: schemaOf("secrets_store_secret"),
  analytics_engine: schemaOf("analytics_engine"),
};

/** Beside these: what is kept of the version before. */
const uploadSchemas: Readonly<Record<UploadedBinding["type"], z.ZodType<UploadedBinding>>> = {
  ...bindingSchemas,
  inherit: z.strictObject({
    type: z.literal("inherit"),
    name,
    old_name: name.exactOptional(),
    version_id: z.literal("latest", "only 'latest' can be inherited from").exactOptional(),
  }),
};

const assetsConfig = z.strictObject({
  html_handling: z
    .enum(["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"])
    .optional(),
  not_found_handling: z.enum(["none", "404-page", "single-page-application"]).optional(),
  run_worker_first: z.union([z.boolean(), z.array(z.string())]).optional(),
  serve_directly: z.boolean().optional(),
  headers: z.string().optional(),
  redirects: z.string().optional(),
  // Wrangler's spelling of the two above.
  _headers: z.string().optional(),
  _redirects: z.string().optional(),
});

const jsonObject = z.record(z.string(), z.json());

const placement = z.union([
  z.strictObject({ mode: z.enum(["smart", "targeted"]) }),
  z.strictObject({ mode: z.literal("targeted").optional(), region: z.string() }),
  z.strictObject({ mode: z.literal("targeted").optional(), hostname: z.string() }),
  z.strictObject({ mode: z.literal("targeted").optional(), host: z.string() }),
]);

const limits = z.strictObject({
  cpu_ms: z.int().min(1).max(300_000).optional(),
  subrequests: z.int().min(1).max(10_000_000).optional(),
});

const tailConsumer = z.strictObject({
  service: name,
  environment: z.string().optional(),
  namespace: z.string().optional(),
});

/** Settings that have no effect here and are read back exactly as they were sent. */
const echoed = {
  usage_model: z.string(),
  logpush: z.boolean(),
  tail_consumers: z.array(tailConsumer),
  placement,
  observability: jsonObject,
  limits,
  tags: z.array(z.string()),
};

const metadata = z.strictObject({
  main_module: z.string().min(1).optional(),
  // Empty for "not set", as the Terraform provider sends it.
  compatibility_date: z
    .string()
    .regex(/^(\d{4}-\d{2}-\d{2})?$/, "must be a date, YYYY-MM-DD")
    .optional(),
  compatibility_flags: z.array(z.string()).default([]),
  bindings: z.array(z.looseObject({ type: z.string(), name })).default([]),
  migrations: migrations.optional(),
  exports: declaredExports.optional(),
  containers: containerClasses.default([]),
  keep_bindings: z.array(z.string()).default([]),
  keep_assets: z.boolean().default(false),
  assets: z
    .strictObject({ jwt: z.string().min(1).optional(), config: assetsConfig.optional() })
    .optional(),
  ...z.object(echoed).partial().shape,
});

/** Metadata that changes what runs, in ways the emulator cannot follow. */
const notEmulatedMetadata = ["body_part", "annotations"];

/** Empty, these say as little as when they are not there. */
const blocks = [
  "migrations",
  "exports",
  "containers",
  "placement",
  "limits",
  ...notEmulatedMetadata,
];

/** What an upload's metadata gives a Worker, or keeps of the version before. */
export type UploadedBinding = ScriptBinding | InheritedBinding;

export interface ScriptMetadata
  extends Omit<z.output<typeof metadata>, "bindings" | keyof typeof echoed> {
  readonly bindings: readonly UploadedBinding[];
  readonly echoed: Readonly<Record<string, unknown>>;
}

/** @throws {ApiError} 400, or 501 naming what is not emulated. */
export function parseScriptMetadata(json: unknown): ScriptMetadata {
  const given = withoutNothing(json);
  const odd = notEmulatedMetadata.find((key) => Object.hasOwn(Object(given), key));
  if (odd) throw notEmulated(`"${odd}" in the metadata of a Worker`);
  // Values are not quoted in the messages: they may be secrets.
  const parsed = parse(metadata, given, "badUpload", { root: "metadata" });
  const { bindings: rawBindings, ...rest } = parsed;
  const kept = Object.entries(rest).filter(
    ([key, value]) => Object.hasOwn(echoed, key) && value !== undefined,
  );
  const others = Object.entries(rest).filter(([key]) => !Object.hasOwn(echoed, key));
  return {
    ...(Object.fromEntries(others) as Omit<typeof rest, keyof typeof echoed>),
    bindings: parseBindings(rawBindings),
    echoed: Object.fromEntries(kept),
  };
}

function parseBindings(
  raw: readonly { readonly type: string; readonly name: string }[],
): readonly UploadedBinding[] {
  const unknown = raw.filter(({ type }) => !Object.hasOwn(uploadSchemas, type));
  if (unknown.length > 0) {
    const known = Object.keys(uploadSchemas).join(", ");
    throw new ApiError(
      501,
      unknown.map(
        ({ type, name }): ApiMessage => ({
          code: apiErrorCodes.notEmulated,
          message: `Not emulated: the binding "${name}" of type "${type}". The emulator has: ${known}.`,
        }),
      ),
    );
  }
  const names = raw.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw ApiError.of(400, "badUpload", `Two bindings have the name "${twice}".`);
  }
  return raw.map((binding, index) =>
    parse(uploadSchemas[binding.type as UploadedBinding["type"]], binding, "badUpload", {
      root: `bindings[${index}]`,
    }),
  );
}

/** Without entries that are null, or an empty block: clients send them for "not set". */
function withoutNothing(json: unknown): unknown {
  if (!(json instanceof Object) || Array.isArray(json)) return json;
  const isNothing = (key: string, value: unknown): boolean =>
    value === null ||
    (blocks.includes(key) &&
      (value === "" || (value instanceof Object && Object.keys(value).length === 0)));
  return Object.fromEntries(Object.entries(json).filter(([key, value]) => !isNothing(key, value)));
}

/** Lower case, so that the name is a host name at workers.dev and a file name everywhere. */
const scriptName = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** @throws {ApiError} 400/10016 */
export function parseScriptName(text: string | undefined): string {
  if (text !== undefined && scriptName.test(text)) return text;
  throw ApiError.of(
    400,
    "scriptName",
    `"${text}" is no name for a Worker: 1 to 63 lower-case letters, digits, "-" and "_", with no "-" at either end.`,
  );
}

/** Body of PUT `/secrets`. */
export const newSecret = bindingSchemas.secret_text;

/** Query of a paged list. */
export const pageQuery = z.strictObject({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(1000).default(20),
});

/** Body of POST `/subdomain`. */
export const scriptSubdomain = z.strictObject({
  enabled: z.boolean(),
  previews_enabled: z.boolean().optional(),
});
