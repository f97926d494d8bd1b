import type { ProviderDefinition } from "../core/provider-definition.js";
import { restfulDataSource } from "./data-source.js";
import { restfulOperation } from "./operation.js";
import { restfulResource } from "./resource.js";
import { type RestfulClient, restfulClient } from "./restful-client.js";
import { providerSchema } from "./schemas.js";
import { refuseUnsupported } from "./unsupported.js";

/**
 * `magodo/restful` 0.25.2, as far as an AI Gateway and its Worker need it. State made by one of the
 * two providers is read by the other.
 * @see https://registry.terraform.io/providers/magodo/restful/0.25.2/docs
 */
export const restfulProvider: ProviderDefinition<RestfulClient> = {
  source: "magodo/restful",
  schema: providerSchema,
  resources: { restful_resource: restfulResource, restful_operation: restfulOperation },
  dataSources: { restful_resource: restfulDataSource },

  validate(config, { diagnostics }) {
    refuseUnsupported(
      [
        "client.cookie_enabled",
        "client.tls_insecure_skip_verify",
        "client.certificates",
        "client.root_ca_certificates",
        "client.root_ca_certificate_files",
        "security.oauth2",
      ],
      config,
      diagnostics,
    );
  },

  configure: restfulClient,
};
