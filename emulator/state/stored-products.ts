import { z } from "zod";
import {
  storedCustomProvider,
  storedDataset,
  storedEvaluation,
  storedGatewayDomain,
  storedPolicy,
} from "./stored-gateway-resources.js";

const timestamps = { created_on: z.string(), modified_on: z.string() };

/** A Workers KV namespace. */
const kvNamespace = z.strictObject({ id: z.string(), title: z.string() });

/** An R2 bucket. */
const r2Bucket = z.strictObject({
  name: z.string(),
  jurisdiction: z.string(),
  location: z.string(),
  storage_class: z.string(),
  creation_date: z.string(),
});

/** A D1 database. */
const d1Database = z.strictObject({
  uuid: z.string(),
  name: z.string(),
  jurisdiction: z.string().nullable(),
  primary_location_hint: z.string().nullable(),
  read_replication: z.strictObject({ mode: z.string() }),
  created_at: z.string(),
});

/** The Worker that takes a queue's messages. */
const queueConsumer = z.strictObject({
  consumer_id: z.string(),
  script_name: z.string(),
  /** Name of another queue. */
  dead_letter_queue: z.string().nullable(),
  settings: z.strictObject({
    batch_size: z.number(),
    max_retries: z.number(),
    max_wait_time_ms: z.number(),
    /** Seconds. */
    retry_delay: z.number(),
    max_concurrency: z.number().nullable(),
  }),
  created_on: z.string(),
});

const queue = z.strictObject({
  queue_id: z.string(),
  queue_name: z.string(),
  settings: z.strictObject({
    /** Seconds. */
    delivery_delay: z.number(),
    /** Seconds. */
    message_retention_period: z.number(),
  }),
  consumers: z.array(queueConsumer),
  ...timestamps,
});

const workflow = z.strictObject({
  id: z.string(),
  name: z.string(),
  script_name: z.string(),
  class_name: z.string(),
  version_id: z.string(),
  limits: z.record(z.string(), z.unknown()).nullable(),
  ...timestamps,
});

const route = z.strictObject({
  id: z.string(),
  zone_id: z.string(),
  pattern: z.string(),
  script: z.string().nullable(),
});

const domain = z.strictObject({
  id: z.string(),
  zone_id: z.string(),
  zone_name: z.string(),
  hostname: z.string(),
  service: z.string(),
  environment: z.string(),
});

const secretStore = z.strictObject({
  id: z.string(),
  name: z.string(),
  created: z.string(),
  modified: z.string(),
  secrets: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.string()),
      comment: z.string(),
      sealed: z.string(),
      created: z.string(),
      modified: z.string(),
    }),
  ),
});

/** A provider's key at a gateway: which secret of the gateway's store it is. */
const providerConfig = z.strictObject({
  id: z.string(),
  gateway_id: z.string(),
  provider_slug: z.string(),
  alias: z.string(),
  default_config: z.boolean(),
  secret_id: z.string(),
  rate_limit: z.number().optional(),
  /** Seconds. */
  rate_limit_period: z.number().optional(),
  modified_at: z.string(),
});

const ipRanges = z.array(z.string()).optional();

/** An API token that the account owns. */
const accountToken = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(["active", "disabled"]),
  /** The value is never needed again: only whether it is the one that was given out. */
  value_sha256: z.string(),
  permission_group_ids: z.array(z.string()),
  policies: z.array(z.record(z.string(), z.unknown())),
  condition: z
    .strictObject({ request_ip: z.strictObject({ in: ipRanges, not_in: ipRanges }).optional() })
    .optional(),
  expires_on: z.string().optional(),
  not_before: z.string().optional(),
  issued_on: z.string(),
  modified_on: z.string(),
});

/** A container application: what runs behind the Durable Objects of a namespace. */
const containerApplication = z.strictObject({
  id: z.string(),
  name: z.string(),
  namespace_id: z.string(),
  /** Raised by each rollout. */
  version: z.number(),
  configuration: z.record(z.string(), z.unknown()),
  /** Settings without effect here, kept to be read back as they were sent. */
  echoed: z.record(z.string(), z.unknown()),
  created_at: z.string(),
});

/** In which folder of this machine an image's Dockerfile is; the emulator's own. */
const containerImage = z.strictObject({
  name: z.string(),
  image: z.string(),
  directory: z.string(),
  /** Changes with the folder's content. */
  fingerprint: z.string(),
});

/** A Worker made apart from its versions, and what is set for all of them. */
const workerShell = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** As they were sent. */
  settings: z.record(z.string(), z.unknown()),
  created_on: z.string(),
  updated_on: z.string(),
});

/** A dynamic route of a gateway, which it outlives. Versions and deployments in the order they were made. */
const dynamicRoute = z.strictObject({
  id: z.string(),
  gateway_id: z.string(),
  name: z.string(),
  created_at: z.string(),
  modified_at: z.string(),
  versions: z
    .array(
      z.strictObject({
        version_id: z.string(),
        created_at: z.string(),
        /** The graph, as it was sent. */
        elements: z.array(z.record(z.string(), z.unknown())),
      }),
    )
    .min(1),
  /** The last one serves. */
  deployments: z
    .array(
      z.strictObject({
        deployment_id: z.string(),
        version_id: z.string(),
        created_at: z.string(),
      }),
    )
    .min(1),
});

/** What the products beside Workers and AI Gateway keep. A file from before has none of it. */
export const storedProducts = z.strictObject({
  kv_namespaces: z.array(kvNamespace).default([]),
  r2_buckets: z.array(r2Bucket).default([]),
  d1_databases: z.array(d1Database).default([]),
  queues: z.array(queue).default([]),
  workflows: z.array(workflow).default([]),
  routes: z.array(route).default([]),
  domains: z.array(domain).default([]),
  secret_stores: z.array(secretStore).default([]),
  provider_configs: z.array(providerConfig).default([]),
  account_tokens: z.array(accountToken).default([]),
  container_applications: z.array(containerApplication).default([]),
  container_images: z.array(containerImage).default([]),
  worker_shells: z.array(workerShell).default([]),
  custom_providers: z.array(storedCustomProvider).default([]),
  gateway_domains: z.array(storedGatewayDomain).default([]),
  datasets: z.array(storedDataset).default([]),
  evaluations: z.array(storedEvaluation).default([]),
  policies: z.array(storedPolicy).default([]),
  dynamic_routes: z.array(dynamicRoute).default([]),
});

export type StoredProducts = z.infer<typeof storedProducts>;
export type StoredKvNamespace = z.infer<typeof kvNamespace>;
export type StoredR2Bucket = z.infer<typeof r2Bucket>;
export type StoredD1Database = z.infer<typeof d1Database>;
export type StoredQueue = z.infer<typeof queue>;
export type StoredQueueConsumer = z.infer<typeof queueConsumer>;
export type StoredWorkflow = z.infer<typeof workflow>;
export type StoredRoute = z.infer<typeof route>;
export type StoredDomain = z.infer<typeof domain>;
export type StoredSecretStore = z.infer<typeof secretStore>;
export type StoredProviderConfig = z.infer<typeof providerConfig>;
export type StoredAccountToken = z.infer<typeof accountToken>;
export type StoredContainerApplication = z.infer<typeof containerApplication>;
export type StoredContainerImage = z.infer<typeof containerImage>;
export type StoredWorkerShell = z.infer<typeof workerShell>;
export type StoredDynamicRoute = z.infer<typeof dynamicRoute>;
