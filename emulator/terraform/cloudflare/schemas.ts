import {
  type Attributes,
  bool,
  dynamic,
  nested,
  number,
  type Schema,
  string,
  stringList,
  stringSet,
} from "../core/schema.js";

/** Blocks of cloudflare/cloudflare 5.14.0. */

export const providerSchema: Schema = {
  version: 0,
  attributes: {
    api_key: string("optional"),
    api_token: string("optional"),
    api_user_service_key: string("optional"),
    base_url: string("optional"),
    email: string("optional"),
    user_agent_operator_suffix: string("optional"),
  },
};

const bindingTypes = [
  ["ai", "analytics_engine", "assets", "browser", "d1", "data_blob", "dispatch_namespace"],
  ["durable_object_namespace", "hyperdrive", "images", "inherit", "json", "kv_namespace"],
  ["mtls_certificate", "pipelines", "plain_text", "queue", "r2_bucket", "secret_key"],
  ["secret_text", "secrets_store_secret", "send_email", "service", "tail_consumer", "text_blob"],
  ["vectorize", "version_metadata", "wasm_module", "workflow"],
].flat();

const keyUsages = [
  ["encrypt", "decrypt", "sign", "verify"],
  ["deriveKey", "deriveBits", "wrapKey", "unwrapKey"],
].flat();

const optionalStrings = (...names: string[]): Attributes =>
  Object.fromEntries(names.map((name) => [name, string("optional")]));

const bindings = nested("list", "optional+computed", {
  name: string("required"),
  type: string("required", { oneOf: bindingTypes, anyCase: true }),
  ...optionalStrings("dataset", "id", "namespace", "environment", "script_name", "json"),
  ...optionalStrings("certificate_id", "pipeline", "queue_name", "bucket_name", "service"),
  ...optionalStrings("index_name", "secret_name", "store_id", "algorithm", "workflow_name"),
  ...optionalStrings("part", "old_name", "version_id", "destination_address"),
  outbound: nested("single", "optional", {
    params: stringList("optional"),
    worker: nested("single", "optional", optionalStrings("environment", "service")),
  }),
  class_name: string("optional+computed"),
  namespace_id: string("optional+computed"),
  text: string("optional", { sensitive: true }),
  format: string("optional", { oneOf: ["raw", "pkcs8", "spki", "jwk"], anyCase: true }),
  usages: stringSet("optional", { oneOf: keyUsages, anyCase: true }),
  key_base64: string("optional", { sensitive: true }),
  key_jwk: string("optional", { sensitive: true }),
  allowed_destination_addresses: stringList("optional"),
  allowed_sender_addresses: stringList("optional"),
  jurisdiction: string("optional", { oneOf: ["eu", "fedramp"], anyCase: true }),
});

const migrationStep: Attributes = {
  deleted_classes: stringList("optional"),
  new_classes: stringList("optional"),
  new_sqlite_classes: stringList("optional"),
  renamed_classes: nested("list", "optional", optionalStrings("from", "to")),
  transferred_classes: nested("list", "optional", optionalStrings("from", "from_script", "to")),
};

export const workersScriptSchema: Schema = {
  version: 1,
  attributes: {
    id: string("computed", { stable: true }),
    account_id: string("required", { forcesReplacement: true }),
    script_name: string("required", { forcesReplacement: true }),
    content: string("optional"),
    content_file: string("optional"),
    content_sha256: string("optional"),
    content_type: string("optional", {
      oneOf: [
        "application/javascript+module",
        "application/javascript",
        "text/javascript+module",
        "text/javascript",
        "text/x-python",
      ],
      anyCase: true,
    }),
    assets: nested("single", "optional", {
      config: nested("single", "optional", {
        headers: string("optional"),
        redirects: string("optional"),
        html_handling: string("optional", {
          oneOf: ["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"],
          anyCase: true,
        }),
        not_found_handling: string("optional", {
          oneOf: ["none", "404-page", "single-page-application"],
          anyCase: true,
        }),
        run_worker_first: dynamic("optional"),
        serve_directly: bool("optional", { deprecated: true }),
      }),
      jwt: string("optional", { sensitive: true }),
      directory: string("optional"),
      asset_manifest_sha256: string("computed"),
    }),
    bindings,
    body_part: string("optional"),
    compatibility_date: string("optional+computed", { default: "" }),
    compatibility_flags: stringSet("optional+computed"),
    keep_assets: bool("optional"),
    keep_bindings: stringSet("optional"),
    limits: nested("single", "optional", { cpu_ms: number("optional") }),
    logpush: bool("optional+computed", { default: false }),
    main_module: string("optional"),
    migrations: nested("single", "optional", {
      ...migrationStep,
      new_tag: string("optional"),
      old_tag: string("optional"),
      steps: nested("list", "optional", migrationStep),
    }),
    observability: nested("single", "optional", {
      enabled: bool("required"),
      head_sampling_rate: number("optional"),
      logs: nested("single", "optional", {
        enabled: bool("required"),
        invocation_logs: bool("required"),
        destinations: stringList("optional"),
        head_sampling_rate: number("optional"),
        persist: bool("optional+computed", { default: true }),
      }),
    }),
    placement: nested("single", "optional+computed", {
      last_analyzed_at: string("computed"),
      mode: string("optional", { oneOf: ["smart"], anyCase: true }),
      status: string("computed"),
    }),
    tail_consumers: nested("set", "optional+computed", {
      service: string("required"),
      environment: string("optional"),
      namespace: string("optional"),
    }),
    usage_model: string("optional+computed", {
      default: "standard",
      oneOf: ["standard", "bundled", "unbound"],
      anyCase: true,
    }),
    created_on: string("computed", { stable: true }),
    etag: string("computed"),
    handlers: stringList("computed"),
    has_assets: bool("computed"),
    has_modules: bool("computed"),
    last_deployed_from: string("computed"),
    migration_tag: string("computed"),
    modified_on: string("computed"),
    named_handlers: nested("list", "computed", {
      handlers: stringList("computed"),
      name: string("computed"),
    }),
    startup_time_ms: number("computed"),
  },
};

export const workersScriptSubdomainSchema: Schema = {
  version: 0,
  attributes: {
    id: string("computed", { stable: true }),
    account_id: string("required", { forcesReplacement: true }),
    script_name: string("required", { forcesReplacement: true }),
    enabled: bool("required"),
    previews_enabled: bool("optional+computed"),
  },
};
