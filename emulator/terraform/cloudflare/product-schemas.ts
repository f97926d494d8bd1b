import { bool, nested, number, type Schema, string } from "../core/schema.js";

/** Blocks of cloudflare/cloudflare 5.14.0 for the products a Worker binds. */

const id = string("computed", { stable: true });
const account_id = string("required", { forcesReplacement: true });

export const kvNamespaceSchema: Schema = {
  version: 0,
  attributes: {
    id,
    account_id,
    title: string("required"),
    supports_url_encoding: bool("computed"),
  },
};

const locations = ["apac", "eeur", "enam", "weur", "wnam", "oc"];

export const r2BucketSchema: Schema = {
  version: 0,
  attributes: {
    id,
    name: string("required", { forcesReplacement: true }),
    account_id,
    location: string("optional+computed", { oneOf: locations, anyCase: true }),
    jurisdiction: string("optional+computed", {
      default: "default",
      oneOf: ["default", "eu", "fedramp"],
      anyCase: true,
    }),
    storage_class: string("optional+computed", {
      default: "Standard",
      oneOf: ["Standard", "InfrequentAccess"],
      anyCase: true,
    }),
    creation_date: string("computed", { stable: true }),
  },
};

export const d1DatabaseSchema: Schema = {
  version: 0,
  attributes: {
    id,
    uuid: string("computed", { stable: true }),
    account_id,
    name: string("required", { forcesReplacement: true }),
    jurisdiction: string("optional", {
      oneOf: ["eu", "fedramp"],
      anyCase: true,
      forcesReplacement: true,
    }),
    primary_location_hint: string("optional", {
      oneOf: locations,
      anyCase: true,
      forcesReplacement: true,
    }),
    read_replication: nested("single", "optional", {
      mode: string("required", { oneOf: ["auto", "disabled"], anyCase: true }),
    }),
    created_at: string("computed"),
    file_size: number("computed"),
    num_tables: number("computed"),
    version: string("computed"),
  },
};

export const queueSchema: Schema = {
  version: 0,
  attributes: {
    id,
    queue_id: string("computed", { stable: true }),
    account_id,
    queue_name: string("required"),
    settings: nested("single", "optional+computed", {
      delivery_delay: number("optional+computed"),
      delivery_paused: bool("optional+computed"),
      message_retention_period: number("optional+computed"),
    }),
    consumers_total_count: number("computed"),
    created_on: string("computed"),
    modified_on: string("computed"),
    producers_total_count: number("computed"),
    consumers: nested("list", "computed", {
      consumer_id: string("computed"),
      created_on: string("computed"),
      queue_id: string("computed"),
      script: string("computed"),
      script_name: string("computed"),
      settings: nested("single", "computed", {
        batch_size: number("computed"),
        max_concurrency: number("computed"),
        max_retries: number("computed"),
        max_wait_time_ms: number("computed"),
        retry_delay: number("computed"),
        visibility_timeout_ms: number("computed"),
      }),
      type: string("computed"),
    }),
    producers: nested("list", "computed", {
      script: string("computed"),
      type: string("computed"),
      bucket_name: string("computed"),
    }),
  },
};

export const queueConsumerSchema: Schema = {
  version: 0,
  attributes: {
    account_id,
    queue_id: string("required", { forcesReplacement: true }),
    // Not stable, although its change replaces: see the resource.
    consumer_id: string("computed"),
    dead_letter_queue: string("optional"),
    script_name: string("optional"),
    type: string("optional", { oneOf: ["worker", "http_pull"], anyCase: true }),
    settings: nested("single", "optional", {
      batch_size: number("optional"),
      max_concurrency: number("optional"),
      max_retries: number("optional"),
      max_wait_time_ms: number("optional"),
      retry_delay: number("optional"),
      visibility_timeout_ms: number("optional"),
    }),
    created_on: string("computed"),
    script: string("computed"),
  },
};

export const workflowSchema: Schema = {
  version: 0,
  attributes: {
    id,
    name: string("computed", { stable: true }),
    account_id,
    workflow_name: string("required", { forcesReplacement: true }),
    class_name: string("required"),
    script_name: string("required"),
    created_on: string("computed"),
    is_deleted: number("computed"),
    modified_on: string("computed"),
    terminator_running: number("computed"),
    triggered_on: string("computed"),
    version_id: string("computed"),
    instances: nested("single", "computed", {
      complete: number("computed"),
      errored: number("computed"),
      paused: number("computed"),
      queued: number("computed"),
      running: number("computed"),
      terminated: number("computed"),
      waiting: number("computed"),
      waiting_for_pause: number("computed"),
    }),
  },
};

export const workersRouteSchema: Schema = {
  version: 0,
  attributes: {
    id,
    zone_id: string("required", { forcesReplacement: true }),
    pattern: string("required"),
    script: string("optional"),
  },
};

export const workersCustomDomainSchema: Schema = {
  version: 0,
  attributes: {
    id,
    account_id,
    hostname: string("required", { forcesReplacement: true }),
    service: string("required", { forcesReplacement: true }),
    zone_id: string("required", { forcesReplacement: true }),
    environment: string("optional", { deprecated: true, forcesReplacement: true }),
    zone_name: string("computed"),
  },
};

export const workersCronTriggerSchema: Schema = {
  version: 0,
  attributes: {
    id,
    script_name: string("required", { forcesReplacement: true }),
    account_id,
    schedules: nested("list", "required", {
      cron: string("required"),
      created_on: string("computed"),
      modified_on: string("computed"),
    }),
  },
};
