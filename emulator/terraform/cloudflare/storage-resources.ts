import { text } from "../core/cty-value.js";
import type { PlanAdjustment, PlanInput } from "../core/provider-definition.js";
import { crudResource } from "./crud-resource.js";
import { d1DatabaseSchema, kvNamespaceSchema, r2BucketSchema } from "./product-schemas.js";
import { accountPath } from "./resource-path.js";

/** `cloudflare_workers_kv_namespace`. */
export const kvNamespace = crudResource({
  schema: kvNamespaceSchema,
  title: "KV namespace",
  inPath: ["account_id"],
  createMethod: "POST",
  collection: accountPath("storage", "kv", "namespaces"),
  item: accountPath("storage", "kv", "namespaces", "{id}"),
  importId: ["account_id", "id"],
});

/** `cloudflare_r2_bucket`. Its change is a PATCH of the storage class, and of nothing else. */
export const r2Bucket = crudResource({
  schema: r2BucketSchema,
  title: "R2 bucket",
  inPath: ["account_id"],
  notRefreshed: ["jurisdiction"],
  idFrom: "name",
  createMethod: "POST",
  collection: accountPath("r2", "buckets"),
  item: accountPath("r2", "buckets", "{name}"),
  headers: ({ jurisdiction = null }) => ({ "cf-r2-jurisdiction": text(jurisdiction) ?? "" }),
  createBody: ({ name = null, location, storage_class }) => ({
    name,
    ...(location !== undefined && { locationHint: location }),
    ...(storage_class !== undefined && { storageClass: storage_class }),
  }),
  update: {
    method: "PATCH",
    headers: ({ storage_class = null }) => ({ "cf-r2-storage-class": text(storage_class) ?? "" }),
  },
  adjustPlan: planLocation,
  importId: ["account_id", "name", "jurisdiction"],
});

/** The API answers in capitals: the same place in another case is no change, another one replaces. */
function planLocation({ config, prior, planned }: PlanInput): PlanAdjustment | undefined {
  const configured = text(config.location);
  if (!prior || configured === undefined) return undefined;
  const before = prior.location ?? null;
  if (text(before)?.toLowerCase() === configured.toLowerCase()) {
    return { planned: { ...planned, location: before } };
  }
  return { planned, requiresReplace: ["location"] };
}

/**
 * `cloudflare_d1_database`. Without `read_replication` every plan changes it, and every change fails:
 * the API answers the setting always, and takes no null.
 */
export const d1Database = crudResource({
  schema: d1DatabaseSchema,
  title: "D1 database",
  inPath: ["account_id"],
  notRefreshed: ["jurisdiction", "primary_location_hint"],
  times: ["created_at"],
  idFrom: "uuid",
  createMethod: "POST",
  collection: accountPath("d1", "database"),
  item: accountPath("d1", "database", "{uuid}"),
  importId: ["account_id", "uuid"],
});
