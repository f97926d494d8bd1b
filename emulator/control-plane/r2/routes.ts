import { type Context, Hono } from "hono";
import type { StoredR2Bucket } from "../../state/stored-products.js";
import { ApiError, missing, notEmulated, TakenError } from "../api-error.js";
import { success } from "../envelope.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { parseJurisdiction, parseNewBucket, parseStorageClass } from "./schema.js";

/**
 * R2 buckets, below `/accounts/:account/r2/buckets`. Objects are not here: Workers read and write
 * them. A bucket of another jurisdiction than the header's is not found, as on Cloudflare.
 * @see https://developers.cloudflare.com/api/resources/r2/subresources/buckets/
 */
export function r2Routes({ products, workers, dropStorage, clock }: ProductOptions): Hono {
  const buckets = products.r2Buckets;
  const routes = new Hono();

  const jurisdictionOf = (c: Context): string => parseJurisdiction(c.req.header(JURISDICTION));

  const find = (c: Context): StoredR2Bucket => {
    const jurisdiction = jurisdictionOf(c);
    const name = c.req.param("bucket") ?? "";
    const bucket = buckets.get(name);
    return bucket?.jurisdiction === jurisdiction ? bucket : notFound(name);
  };

  routes.get("/", (c) => {
    const jurisdiction = jurisdictionOf(c);
    const found = buckets.list().filter((bucket) => bucket.jurisdiction === jurisdiction);
    return success({ buckets: found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(render) });
  });

  routes.post("/", async (c) => {
    const jurisdiction = jurisdictionOf(c);
    const { name, locationHint, storageClass } = parseNewBucket(
      await readJson(c.req.raw, "r2Invalid"),
    );
    await dropStorage("r2", name);
    const bucket = await buckets.put((rows) => {
      const same = rows.find((row) => row.name === name);
      if (same && same.jurisdiction !== jurisdiction) {
        throw notEmulated(`two buckets with the name "${name}", in different jurisdictions`);
      }
      if (same) {
        const message = "The bucket you tried to create already exists, and you own it.";
        throw TakenError.of(409, "r2BucketTaken", message);
      }
      return {
        name,
        jurisdiction,
        location: locationHint.toUpperCase(),
        storage_class: storageClass,
        creation_date: timestamp(clock),
      };
    });
    return success(render(bucket));
  });

  routes.get("/:bucket", (c) => success(render(find(c))));

  routes.patch("/:bucket", async (c) => {
    const { name } = find(c);
    const storage_class = parseStorageClass(c.req.header(STORAGE_CLASS));
    return success(
      render(await buckets.change(name, notFound, (bucket) => ({ ...bucket, storage_class }))),
    );
  });

  routes.delete("/:bucket", async (c) => {
    const { name } = find(c);
    if (await workers.hasObjects(name)) {
      throw ApiError.of(
        409,
        "r2BucketNotEmpty",
        "The bucket you tried to delete is not empty.",
        `Delete the objects of "${name}" first; a Worker that binds the bucket can.`,
      );
    }
    await buckets.remove(name, notFound);
    await dropStorage("r2", name);
    return success({});
  });

  return routes;
}

const JURISDICTION = "cf-r2-jurisdiction";
const STORAGE_CLASS = "cf-r2-storage-class";

const render = (bucket: StoredR2Bucket): Record<string, unknown> => ({ ...bucket });

const notFound = missing(
  "r2BucketNotFound",
  "The specified bucket does not exist.",
  (name) => `The emulator has no bucket "${name}" in that jurisdiction (header ${JURISDICTION}).`,
);
