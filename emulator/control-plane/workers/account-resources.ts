import { containerImageName } from "../../containers/container-engine.js";
import type { StateDocument, StoredBinding } from "../../state/state-document.js";
import type { QueueConsumer } from "../../workerd/uploaded-script.js";
import { type ApiMessage, apiMessage } from "../api-error.js";

/** The refusal of a binding to a namespace, bucket, database, queue or secret that does not exist. */
export function missingResource(
  binding: StoredBinding,
  { products }: StateDocument,
): ApiMessage | undefined {
  switch (binding.type) {
    case "kv_namespace": {
      const { namespace_id: id } = binding;
      if (products.kv_namespaces.some((one) => one.id === id)) return undefined;
      return apiMessage("kvNamespaceBinding", `No KV namespace found with ID ${id}`);
    }
    case "r2_bucket": {
      const { bucket_name: bucket, jurisdiction = "default" } = binding;
      const same = products.r2_buckets.find((one) => one.name === bucket);
      if (same?.jurisdiction === jurisdiction) return undefined;
      const where = same ? ` in the jurisdiction "${jurisdiction}"` : "";
      return apiMessage(
        "r2BucketBinding",
        `R2 bucket '${bucket}' not found${where}. Please use a different name and try again.`,
      );
    }
    case "d1": {
      if (products.d1_databases.some(({ uuid }) => uuid === binding.id)) return undefined;
      return apiMessage(
        "d1DatabaseBinding",
        `D1 binding '${binding.name}' references database '${binding.id}' which was not found. Please verify that the database exists.`,
      );
    }
    case "queue": {
      const { queue_name: queue } = binding;
      if (products.queues.some((one) => one.queue_name === queue)) return undefined;
      return apiMessage(
        "queueBinding",
        `Queue "${queue}" does not exist. Please create it and try again.`,
      );
    }
    case "secrets_store_secret": {
      const { name, store_id, secret_name } = binding;
      const store = products.secret_stores.find(({ id }) => id === store_id);
      const secret = store?.secrets.find((one) => one.name === secret_name);
      // Without the scope a Worker cannot see it.
      if (secret?.scopes.includes("workers")) return undefined;
      return apiMessage(
        "secretsStoreBinding",
        `Secrets Store binding '${name}' references store '${store_id}' and secret '${secret_name}' which were not found.`,
      );
    }
    default:
      return undefined;
  }
}

/** The queues whose messages a script takes. */
export function queueConsumersOf(
  scriptName: string,
  { products }: StateDocument,
): readonly QueueConsumer[] {
  return products.queues.flatMap(({ queue_name, consumers }) =>
    consumers
      .filter(({ script_name }) => script_name === scriptName)
      .map(({ settings, dead_letter_queue }) => ({
        queueName: queue_name,
        maxBatchSize: settings.batch_size,
        maxBatchTimeoutMs: settings.max_wait_time_ms,
        maxRetries: settings.max_retries,
        retryDelay: settings.retry_delay,
        ...(dead_letter_queue === null ? {} : { deadLetterQueue: dead_letter_queue }),
      })),
  );
}

/**
 * The image workerd asks for where a class is backed by a container. There is one before there is an
 * application, and the same after a rollout: the engine knows what is behind it.
 */
export const containerImageOf = (namespaceId: string): string => containerImageName(namespaceId);
