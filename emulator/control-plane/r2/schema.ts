import { z } from "zod";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";

/** Where data may be kept by law; the emulator keeps all of it here. */
const jurisdictions = ["default", "eu", "fedramp"] as const;

const storageClass = z.enum(["Standard", "InfrequentAccess"]);

/** Where Cloudflare puts a bucket nobody gave a place depends on the caller; here it is this. */
const DEFAULT_LOCATION = "enam";

const newBucket = z.strictObject({
  name: z.string(),
  locationHint: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["apac", "eeur", "enam", "weur", "wnam", "oc"]))
    .default(DEFAULT_LOCATION),
  storageClass: storageClass.default("Standard"),
});

const bucketName = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Body of a POST.
 * @throws {ApiError} 400
 * @see https://developers.cloudflare.com/api/resources/r2/subresources/buckets/methods/create/
 */
export function parseNewBucket(body: unknown): z.output<typeof newBucket> {
  const bucket = parse(newBucket, body, "r2Invalid", { showValues: true });
  if (bucketName.test(bucket.name)) return bucket;
  throw ApiError.of(
    400,
    "r2BucketName",
    "The specified bucket name is not valid.",
    `"${bucket.name}": 3 to 63 lower-case letters, digits and "-", with no "-" at either end.`,
  );
}

/** The header `cf-r2-storage-class`. @throws {ApiError} 400 */
export function parseStorageClass(header: string | undefined): string {
  return parse(storageClass, header, "r2Invalid", {
    root: "cf-r2-storage-class",
    showValues: true,
  });
}

/** The header `cf-r2-jurisdiction`. @throws {ApiError} 400 */
export function parseJurisdiction(header: string | undefined): string {
  const schema = z.enum(jurisdictions).default("default");
  const text = header === "" ? undefined : header?.toLowerCase();
  return parse(schema, text, "r2Invalid", { root: "cf-r2-jurisdiction", showValues: true });
}
