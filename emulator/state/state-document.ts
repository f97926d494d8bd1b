import { z } from "zod";
import type { Gateway } from "./gateway.js";
import type { StateFileFormat } from "./state-file.js";
import type { StorageDrop } from "./storage-drops.js";
import { storedGateway } from "./stored-gateway.js";
import { type StoredProducts, storedProducts } from "./stored-products.js";
import { type StoredScript, storedScript } from "./stored-script.js";

export type { StoredBinding } from "./stored-binding.js";
export type { StoredClass, StoredSchedule, StoredScript } from "./stored-script.js";

/** Raised when an older emulator could misread a newer file. */
const FORMAT = 1;

const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  account_id: z.string().regex(/^[0-9a-f]{32}$/),
  sealed_api_token: z.string(),
  gateways: z.array(storedGateway),
  scripts: z.array(storedScript),
  products: storedProducts.prefault({}),
  worker_ports: z.array(z.tuple([z.string(), z.number().int()])),
  // A file from before has none of what follows.
  api_port: z.number().int().optional(),
  storage_drops: z
    .array(
      z.strictObject({
        product: z.enum(["durable_object", "kv", "r2", "d1", "queue", "workflow"]),
        key: z.string(),
      }),
    )
    .default([]),
});

type StateFileContent = Omit<z.infer<typeof fileSchema>, "products"> &
  Pick<StateDocument, "products">;

/** Everything the emulator remembers, except content (blobs) and logs. Never changed in place. */
export interface StateDocument {
  readonly accountId: string;
  readonly sealedApiToken: string;
  /** The secrets of their settings sealed. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly scripts: ReadonlyMap<string, StoredScript>;
  readonly products: {
    readonly [Name in keyof StoredProducts]: readonly StoredProducts[Name][number][];
  };
  readonly workerPorts: ReadonlyMap<string, number>;
  /** Where the API and the gateways were in the last run. */
  readonly apiPort: number | undefined;
  /** What is to be removed from workerd's storage, because its owner was deleted. */
  readonly storageDrops: readonly StorageDrop[];
}

/** The API token's place, for {@link SecretBox}. */
export const API_TOKEN_CONTEXT = "the API token";

/**
 * The account of every emulator. It is in Terraform's state, in the paths of what was made: were it
 * another after `.emulator/` was removed, no plan over that state would be authorised any more.
 */
const EMULATED_ACCOUNT_ID = "e1a7ed00e1a7ed00e1a7ed00e1a7ed00";

export function emptyStateDocument(sealedApiToken: string): StateDocument {
  return {
    accountId: EMULATED_ACCOUNT_ID,
    sealedApiToken,
    gateways: new Map(),
    scripts: new Map(),
    products: storedProducts.parse({}),
    workerPorts: new Map(),
    apiPort: undefined,
    storageDrops: [],
  };
}

export const stateDocumentFormat: StateFileFormat<StateDocument> = {
  parse(text) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw new Error(`it is not JSON (${(error as Error).message}).`);
    }
    const format = (json as { format?: unknown } | null)?.format;
    if (typeof format === "number" && format > FORMAT) {
      throw new Error(
        `a newer emulator wrote it (format ${format}; this one reads up to ${FORMAT}). ` +
          "Use that version, or another state directory.",
      );
    }
    const result = fileSchema.safeParse(json);
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new Error(`${issue?.path.join(".") || "it"}: ${issue?.message}.`);
    }
    const {
      account_id,
      sealed_api_token,
      gateways,
      scripts,
      products,
      worker_ports,
      api_port,
      storage_drops,
    } = result.data;
    return {
      accountId: account_id,
      sealedApiToken: sealed_api_token,
      gateways: new Map(gateways.map((gateway) => [gateway.id, gateway])),
      scripts: new Map(scripts.map((script) => [script.name, script])),
      products,
      workerPorts: new Map(worker_ports),
      apiPort: api_port,
      storageDrops: storage_drops,
    };
  },
  render: ({
    accountId,
    sealedApiToken,
    gateways,
    scripts,
    products,
    workerPorts,
    apiPort,
    storageDrops,
  }) =>
    `${JSON.stringify({
      format: FORMAT,
      account_id: accountId,
      sealed_api_token: sealedApiToken,
      gateways: [...gateways.values()],
      scripts: [...scripts.values()],
      products,
      worker_ports: [...workerPorts],
      api_port: apiPort,
      storage_drops: [...storageDrops],
    } satisfies StateFileContent)}\n`,
};

/** A copy of a map with one entry set, or removed when `value` is undefined. */
export function withEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value | undefined,
): ReadonlyMap<string, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
