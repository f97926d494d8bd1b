/** Where Cloudflare's REST API answers; the emulator serves the same paths on loopback. */
export const CLOUDFLARE_API_URL = "https://api.cloudflare.com/client/v4";

/** Where Cloudflare's gateways answer, before account and gateway. */
export const AI_GATEWAY_URL = "https://gateway.ai.cloudflare.com/v1";

/** The collection of an account's gateways, below the API's base URL. */
export const gatewaysPath = (accountId: string): string =>
  `/accounts/${accountId}/ai-gateway/gateways`;

/** One gateway, and what belongs to it below. */
export const gatewayPath = (accountId: string, gatewayId: string): string =>
  `${gatewaysPath(accountId)}/${gatewayId}`;

/** The collection of an account's custom providers. */
export const customProvidersPath = (accountId: string): string =>
  `/accounts/${accountId}/ai-gateway/custom-providers`;

/** What evaluations can measure. */
export const evaluationTypesPath = (accountId: string): string =>
  `/accounts/${accountId}/ai-gateway/evaluation-types`;

/** The collection of a gateway's dynamic routes, below the API's base URL. */
export const dynamicRoutesPath = (accountId: string, gatewayId: string): string =>
  `${gatewaysPath(accountId)}/${gatewayId}/routes`;

/** The collection of a gateway's providers' keys. */
export const providerConfigsPath = (accountId: string, gatewayId: string): string =>
  `${gatewaysPath(accountId)}/${gatewayId}/provider_configs`;

/** The collection of the secrets of a Secrets Store. */
export const storeSecretsPath = (accountId: string, storeId: string): string =>
  `/accounts/${accountId}/secrets_store/stores/${storeId}/secrets`;

/** The collection of the API tokens that the account owns. */
export const accountTokensPath = (accountId: string): string => `/accounts/${accountId}/tokens`;

/** The collection of a Worker's secrets. */
export const workerSecretsPath = (accountId: string, scriptName: string): string =>
  `/accounts/${accountId}/workers/scripts/${scriptName}/secrets`;

/** An account's workers.dev name: `{ subdomain }`. */
export const accountSubdomainPath = (accountId: string): string =>
  `/accounts/${accountId}/workers/subdomain`;

/**
 * Where the emulator serves a Worker: `{ url }`.
 *
 * The one path of the emulator's API that Cloudflare does not have: a loopback address has no
 * subdomains, so each Worker gets a port, and only the emulator knows which.
 */
export const emulatedWorkerUrlPath = (accountId: string, scriptName: string): string =>
  `/accounts/${accountId}/emulator/workers/${scriptName}`;

/**
 * Where the emulator calls a Worker's `scheduled` handler on demand: POST with `?cron=`.
 *
 * Only the emulator has it: on Cloudflare a cron fires when it is due and not before.
 */
export const emulatedScheduledPath = (accountId: string, scriptName: string): string =>
  `${emulatedWorkerUrlPath(accountId, scriptName)}/scheduled`;

/**
 * Where the emulator is told in which folder a container image's Dockerfile is. Not Cloudflare's either:
 * there an image is in a registry, here a machine without Docker runs what the Dockerfile says.
 */
export const emulatedContainerImagesPath = (accountId: string): string =>
  `/accounts/${accountId}/emulator/container-images`;

/**
 * Where the emulator is told which calls of its API fail, and says which rules there are. Only the emulator has
 * it: nobody can ask Cloudflare to fail.
 */
export const emulatedFaultsPath = (accountId: string): string =>
  `/accounts/${accountId}/emulator/faults`;

/** Where the emulator lists the calls of its API since it was told to record them. */
export const emulatedCallsPath = (accountId: string): string =>
  `/accounts/${accountId}/emulator/calls`;

/** True for a base URL on this machine: such an API is the emulator, never Cloudflare. */
export function isLoopbackUrl(url: string): boolean {
  return /^https?:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?(\/|$)/i.test(url);
}
