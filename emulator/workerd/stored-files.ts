import { createHash, createHmac } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StoredProduct, UploadedScript } from "./uploaded-script.js";

/** Where miniflare keeps what a key names, below the storage folder. */
interface StoredPlace {
  /** Folders of the key alone. */
  readonly folders: readonly string[];
  /** The database of the key, in a folder with those of others. */
  readonly database?: { readonly folder: string; readonly uniqueKey: string };
}

function placeOf(product: StoredProduct, key: string): StoredPlace {
  const object = (folder: string, uniqueKey: string) => ({
    folder: join(folder, uniqueKey),
    uniqueKey,
  });
  switch (product) {
    case "durable_object":
      return { folders: [join("do", key)] };
    case "workflow":
      return { folders: [join("workflows", `miniflare-workflows-${key}`)] };
    case "kv":
      return {
        folders: [join("kv", key)],
        database: object("kv", "miniflare-KVNamespaceObject"),
      };
    case "r2":
      return { folders: [join("r2", key)], database: object("r2", "miniflare-R2BucketObject") };
    case "d1":
      return { folders: [], database: object("d1", "miniflare-D1DatabaseObject") };
    case "queue":
      return { folders: [], database: object("queues", "miniflare-QueueBrokerObject") };
  }
}

/** Removes what is stored under a key. No workerd may have it open. */
export async function dropStored(
  storageDirectory: string,
  product: StoredProduct,
  key: string,
): Promise<void> {
  if (key === "" || key === "." || key === ".." || /[/\\]/.test(key)) {
    throw new Error(`${JSON.stringify(key)} names nothing that is stored for ${product}.`);
  }
  const { folders, database } = placeOf(product, key);
  for (const folder of folders) {
    await rm(join(storageDirectory, folder), { recursive: true, force: true });
  }
  if (database === undefined) return;
  const folder = join(storageDirectory, database.folder);
  const id = objectId(database.uniqueKey, key);
  for (const file of await readdir(folder).catch(() => [])) {
    // The database, its write-ahead log and index.
    if (file.startsWith(`${id}.`)) await rm(join(folder, file), { force: true });
  }
}

/**
 * Whether a bucket holds objects, or parts of uploads that are not complete. workerd may have it open:
 * the content of an object is a file of its own.
 */
export async function hasObjects(storageDirectory: string, bucketName: string): Promise<boolean> {
  const folder = join(storageDirectory, "r2", bucketName, "blobs");
  return (await readdir(folder).catch(() => [])).length > 0;
}

/** Whether a script has what is stored under a key open while it runs. */
export function usesStored(script: UploadedScript, product: StoredProduct, key: string): boolean {
  const { bindings, durableObjects = [], queueConsumers = [] } = script;
  switch (product) {
    case "durable_object":
      return durableObjects.some(({ storageKey }) => storageKey === key);
    case "kv":
      return bindings.some((one) => one.type === "kv_namespace" && one.namespace_id === key);
    case "r2":
      return bindings.some((one) => one.type === "r2_bucket" && one.bucket_name === key);
    case "d1":
      return bindings.some((one) => one.type === "d1" && one.id === key);
    case "workflow":
      return bindings.some((one) => one.type === "workflow" && one.workflow_name === key);
    case "queue":
      return (
        bindings.some((one) => one.type === "queue" && one.queue_name === key) ||
        queueConsumers.some(
          ({ queueName, deadLetterQueue }) => queueName === key || deadLetterQueue === key,
        )
      );
  }
}

/** `idFromName` as workerd computes it; names the object's file. */
export function objectId(uniqueKey: string, name: string): string {
  const key = createHash("sha256").update(uniqueKey).digest();
  const nameHash = createHmac("sha256", key).update(name).digest().subarray(0, 16);
  const check = createHmac("sha256", key).update(nameHash).digest().subarray(0, 16);
  return Buffer.concat([nameHash, check]).toString("hex");
}
