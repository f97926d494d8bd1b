import { Fn } from "cdktf";
import type { ImmutableRestResourceConfig } from "../rest-api/immutable-rest-resource.js";
import { renderImportId } from "../rest-api/import-id.js";
import type { RestOperationConfig } from "../rest-api/rest-operation.js";
import type { RestResourceConfig } from "../rest-api/rest-resource.js";
import type { ProviderKeyProps } from "./provider-key-props.js";

/**
 * Stands in the store until the value is sent, in the same deploy and before anything uses it: the API takes
 * new secrets as a list, into which Terraform merges nothing that is kept out of its state.
 */
const PLACEHOLDER = "not the key yet: the deploy that made this secret did not get further";

/** Most configs the API lists at once; a key beyond them would not be found. */
export const CONFIGS_PER_PAGE = 50;

const DEFAULT_PERIOD = 60;
const scopes = ["ai_gateway"];
const secretReadSelector = "[result.{name,scopes}]";

/** The secret by the name the gateway looks for, without its value. */
export function renderSecret(path: string, name: string): RestResourceConfig {
  return {
    path,
    body: [{ name, scopes, value: PLACEHOLDER }],
    createSelector: "result.0",
    readPath: "$(path)/$(body.id)",
    readSelector: secretReadSelector,
    // In place: scopes somebody took away come back, the value stays.
    updateMethod: "PATCH",
    mergePatchDisabled: true,
    updateBodyPatches: [{ path: "", rawJson: JSON.stringify({ scopes }) }],
    forceNewAttrs: ["0.name"],
    writeOnlyAttrs: ["0.value"],
  };
}

/** Sends the value, also when it was rotated; waits until the store has spread it. */
export function renderSecretValue(secretPath: string, value: string): RestOperationConfig {
  return {
    path: secretPath,
    method: "PATCH",
    body: {},
    ephemeralBody: { value },
    outputAttrs: ["result.id"],
    poll: {
      statusLocator: "body.result.status",
      status: { success: "active", pending: ["pending"] },
      defaultDelaySec: 1,
    },
  };
}

/** The config: there is neither a way to read one alone nor to change one. */
export function renderProviderConfig(
  path: string,
  secretId: string,
  props: ProviderKeyProps,
): ImmutableRestResourceConfig {
  const { providerSlug, alias = "default", defaultConfig = alias === "default" } = props;
  const { rateLimit, rateLimitPeriod = DEFAULT_PERIOD } = props;
  return {
    path,
    body: {
      provider_slug: providerSlug,
      alias,
      default_config: defaultConfig,
      secret_id: secretId,
      ...(rateLimit === undefined
        ? {}
        : { rate_limit: rateLimit, rate_limit_period: rateLimitPeriod }),
    },
    createSelector: "result",
    readPath: listPath("$(path)"),
    readSelector: ofList("$(body.id)"),
    // The list shows a new config a moment later.
    pollCreate: {
      // Its own: a poll sends the query of readPath to nobody, and without it the list ends after 20 keys.
      urlLocator: `exact.${listPath(path)}`,
      statusLocator: `body.[result.#(id=="$(body.id)").provider_slug]`,
      status: { success: `["${providerSlug}"]`, pending: ["[]"] },
      defaultDelaySec: 1,
    },
    deletePath: "$(path)/$(body.id)",
    outputAttrs: ["id"],
  };
}

/** The id Terraform imports a secret by. */
export const renderSecretImportId = (path: string, secretId: string): string =>
  renderImportId({
    id: `${path}/${secretId}`,
    path,
    body: [{ name: null, scopes: null, value: null }],
    readSelector: secretReadSelector,
  });

/** The id Terraform imports a config by. */
export const renderConfigImportId = (path: string, configId: string): string =>
  renderImportId({
    id: listPath(path),
    path,
    body: { provider_slug: null, alias: null, secret_id: null },
    readSelector: ofList(configId),
  });

export const idOf = (path: string): string => Fn.basename(path) as string;

const listPath = (path: string): string => `${path}?per_page=${CONFIGS_PER_PAGE}`;

// Without default_config, which Cloudflare answers as 0 or 1: it only changes with the id.
const ofList = (configId: string): string =>
  `result.#(id=="${configId}").{id,provider_slug,alias,secret_id}`;
