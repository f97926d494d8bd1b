import type { IResolvable } from "cdktf";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";

/** What the API is sent: every managed setting, whether a prop names it or not. */
export type GatewayBody = { readonly id: string } & {
  readonly [Key in keyof GatewaySettings]:
    | GatewaySettings[Key]
    | (GatewaySettings[Key] extends boolean ? IResolvable : never);
};

/** Keys of the body, and so of everything that is compared with the API's answers. */
export const managedKeys: readonly (keyof GatewayBody)[] = [
  "id",
  ...(Object.keys(gatewayDefaults) as (keyof GatewaySettings)[]),
];

/** Selects exactly the managed keys: what else the API answers is no drift. */
export const gatewayReadSelector = `result.{${managedKeys.join(",")}}`;

/**
 * Settings the API may leave out of its answers while they are null. Without this, a left-out null
 * would be a change in every plan; one that is answered still shows as drift.
 */
export const omittableKeys = [
  "retry_max_attempts",
  "retry_delay",
  "retry_backoff",
] as const satisfies readonly (keyof GatewaySettings)[];

/** Props as the request body of POST and PUT. A setting without a prop is sent with its default. */
export function renderGatewayBody(id: string, props: AiGatewayProps): GatewayBody {
  return {
    id,
    cache_ttl: props.cacheTtl ?? gatewayDefaults.cache_ttl,
    cache_invalidate_on_update:
      props.cacheInvalidateOnUpdate ?? gatewayDefaults.cache_invalidate_on_update,
    collect_logs: props.collectLogs ?? gatewayDefaults.collect_logs,
    rate_limiting_interval: props.rateLimitingInterval ?? gatewayDefaults.rate_limiting_interval,
    rate_limiting_limit: props.rateLimitingLimit ?? gatewayDefaults.rate_limiting_limit,
    rate_limiting_technique: props.rateLimitingTechnique ?? gatewayDefaults.rate_limiting_technique,
    authentication: props.authentication ?? gatewayDefaults.authentication,
    log_management: props.logManagement ?? gatewayDefaults.log_management,
    log_management_strategy: props.logManagementStrategy ?? gatewayDefaults.log_management_strategy,
    retry_max_attempts: props.retryMaxAttempts ?? gatewayDefaults.retry_max_attempts,
    retry_delay: props.retryDelay ?? gatewayDefaults.retry_delay,
    retry_backoff: props.retryBackoff ?? gatewayDefaults.retry_backoff,
  };
}

/**
 * The id Terraform imports a gateway by. The body names the keys that are compared; their values come
 * from the API.
 */
export function renderGatewayImportId(collectionPath: string, gatewayId: string): string {
  return JSON.stringify({
    id: `${collectionPath}/${gatewayId}`,
    path: collectionPath,
    body: Object.fromEntries(managedKeys.map((key) => [key, null])),
    read_selector: gatewayReadSelector,
  });
}
