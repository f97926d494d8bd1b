import { z } from "zod";

const name = z.string().min(1);

/** Of the bindings that are stored as they are sent: their fields, as an upload's metadata spells them. */
export const bindingFields = {
  ai: { name },
  assets: { name },
  plain_text: { name, text: z.string() },
  // Any value. The Terraform provider before 5.18 sends text here: the Worker then gets text.
  json: { name, json: z.unknown() },
  durable_object_namespace: {
    name,
    class_name: z.string().min(1),
    script_name: z.string().min(1).exactOptional(),
  },
  workflow: {
    name,
    workflow_name: z.string().min(1),
    class_name: z.string().min(1),
    script_name: z.string().min(1).exactOptional(),
  },
  kv_namespace: { name, namespace_id: z.string().min(1) },
  r2_bucket: {
    name,
    bucket_name: z.string().min(1),
    jurisdiction: z.string().min(1).exactOptional(),
  },
  d1: { name, id: z.string().min(1) },
  queue: {
    name,
    queue_name: z.string().min(1),
    delivery_delay: z.number().int().min(0).max(43_200).exactOptional(),
  },
  service: {
    name,
    service: z.string().min(1),
    environment: z.string().min(1).exactOptional(),
    entrypoint: z.string().min(1).exactOptional(),
  },
  ratelimit: {
    name,
    namespace_id: z.string().regex(/^[1-9]\d*$/, "must be a positive whole number, as text"),
    simple: z.strictObject({
      limit: z.number().int().positive(),
      period: z.union([z.literal(10), z.literal(60)], "must be 10 or 60 seconds"),
    }),
  },
  version_metadata: { name },
  secrets_store_secret: {
    name,
    store_id: z.string().min(1),
    secret_name: z.string().min(1),
  },
  analytics_engine: { name, dataset: z.string().min(1) },
} as const;

function stored<Type extends keyof typeof bindingFields>(type: Type) {
  return z.strictObject({ type: z.literal(type), ...bindingFields[type] });
}

/** A binding in the state file. The text of a secret is sealed; everything else is as it was sent. */
export const storedBinding = z.discriminatedUnion("type", [
  stored("ai"),
  stored("assets"),
  stored("plain_text"),
  stored("json"),
  stored("durable_object_namespace"),
  stored("workflow"),
  stored("kv_namespace"),
  stored("r2_bucket"),
  stored("d1"),
  stored("queue"),
  stored("service"),
  stored("ratelimit"),
  stored("version_metadata"),
  stored("secrets_store_secret"),
  stored("analytics_engine"),
  z.strictObject({ type: z.literal("secret_text"), name, sealed: z.string() }),
]);

export type StoredBinding = z.infer<typeof storedBinding>;
