import type { ApiRequest } from "../core/api-client.js";
import { Dynamic, flag, text, UNKNOWN } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import { toJson } from "../core/dynamic-json.js";
import { stringifyExactJson } from "../core/exact-json.js";
import type { DataSourceDefinition } from "../core/provider-definition.js";
import {
  outputAttributes,
  parseDocument,
  requiredPath,
  selectDocument,
  succeeded,
} from "./document.js";
import { type RestfulClient, requestOptions, withJsonType } from "./restful-client.js";
import { dataSourceSchema } from "./schemas.js";
import { refuseUnsupported } from "./unsupported.js";
import { validateExpressions } from "./validate-expressions.js";

/** `data.restful_resource`: what an API answers on a path. */
export const restfulDataSource: DataSourceDefinition<RestfulClient> = {
  schema: dataSourceSchema,

  validate(config, { diagnostics }) {
    refuseUnsupported(["precheck"], config, diagnostics);
    const selectors = ["selector"];
    validateExpressions({ paths: [], selectors, selectorLists: [] }, config, diagnostics);
    const { body = null, method = null } = config;
    if (body !== null && body !== UNKNOWN && method !== "POST" && method !== UNKNOWN) {
      diagnostics.error("body without POST", 'Only method "POST" sends a body.', "body");
    }
  },

  async read(config, { client, stop }) {
    const nothing = { ...config, output: null, sensitive_output: null };
    const body = config.body instanceof Dynamic ? toJson(config.body) : undefined;
    const options = requestOptions(client, config, "read", undefined);
    const request: ApiRequest = {
      method: text(config.method) ?? "GET",
      path: requiredPath(config, "id"),
      ...options,
      ...(body !== undefined && {
        body: stringifyExactJson(body),
        headers: withJsonType(options.headers),
      }),
    };
    const response = await client.api.send(request, stop);
    const mayMiss = flag(config.allow_not_exist);
    if (response.status === 404 && mayMiss) return nothing;
    if (!succeeded(response)) throw client.api.failure("Read", request, response);
    const selector = text(config.selector);
    const document = selectDocument(selector, parseDocument(response), "selector");
    if (document === undefined && selector) {
      if (mayMiss) return nothing;
      throw new ProviderError(
        "selector finds nothing",
        `GET ${request.path} answered ${response.status} without "${selector}". ` +
          "allow_not_exist = true accepts that.",
        "selector",
      );
    }
    return { ...config, ...outputAttributes(config, document, undefined) };
  },
};
