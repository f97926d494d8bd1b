import { text } from "../core/cty-value.js";
import type { ProviderDefinition } from "../core/provider-definition.js";
import { aiGateway } from "./ai-gateway-resource.js";
import { CloudflareClient, type Environment } from "./cloudflare-client.js";
import { providerSchema } from "./schemas.js";
import { d1Database, kvNamespace, r2Bucket } from "./storage-resources.js";
import {
  queue,
  queueConsumer,
  workersCustomDomain,
  workersRoute,
  workflow,
} from "./trigger-resources.js";
import { workersCronTrigger } from "./workers-cron-trigger.js";
import { workersScript } from "./workers-script.js";
import { workersScriptSubdomain } from "./workers-script-subdomain.js";

/**
 * `cloudflare/cloudflare` 5.14.0, as far as a Worker needs it, and the AI Gateway of 5.22.0. What goes over the wire is what the
 * real one sends, its faults included, so that what works here works there.
 *
 * @param environment - Where credentials are taken from that the configuration leaves out.
 * @see https://registry.terraform.io/providers/cloudflare/cloudflare/5.14.0/docs
 */
export function cloudflareProvider(environment: Environment): ProviderDefinition<CloudflareClient> {
  return {
    source: "cloudflare/cloudflare",
    schema: providerSchema,
    resources: {
      cloudflare_ai_gateway: aiGateway,
      cloudflare_workers_script: workersScript,
      cloudflare_workers_script_subdomain: workersScriptSubdomain,
      cloudflare_workers_kv_namespace: kvNamespace,
      cloudflare_r2_bucket: r2Bucket,
      cloudflare_d1_database: d1Database,
      cloudflare_queue: queue,
      cloudflare_queue_consumer: queueConsumer,
      cloudflare_workflow: workflow,
      cloudflare_workers_route: workersRoute,
      cloudflare_workers_custom_domain: workersCustomDomain,
      cloudflare_workers_cron_trigger: workersCronTrigger,
    },
    dataSources: {},

    validate(config, { diagnostics }) {
      const token = text(config.api_token);
      if (token !== undefined && !/[A-Za-z0-9-_]{40}/.test(token)) {
        diagnostics.error(
          "Invalid api_token",
          `An API token has 40 letters, digits, hyphens and underscores; got ${token.length} characters.`,
          "api_token",
        );
      }
      const key = text(config.api_key);
      if (key !== undefined && !/[0-9a-f]{37}/.test(key)) {
        diagnostics.error("Invalid api_key", "An API key has 37 digits and a to f.", "api_key");
      }
      if (config.api_key !== null && config.email === null) {
        diagnostics.error("api_key without email", "Give both, or an api_token.", "api_key");
      }
    },

    configure: (config) => new CloudflareClient(config, environment),
  };
}
