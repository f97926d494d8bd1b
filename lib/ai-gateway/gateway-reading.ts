import type { GatewaySettings } from "../../protocol/gateway-settings.js";
import { renderImportId } from "../rest-api/import-id.js";
import { type GatewayBody, managedKeys } from "./ai-gateway-body.js";
import { isOff } from "./setting-values.js";

type Key = keyof GatewaySettings;

/** How a setting is compared with the API's answer. */
export interface GatewayReading {
  /** Selects exactly the managed settings: what else the API answers is no drift. */
  readonly readSelector: string;
  /** Paths in the body that stay as they are where the selection does not have them. */
  readonly writeOnlyAttrs: readonly string[];
}

/**
 * Settings the API may leave out of its answers while they are off. Without this, a left-out one would be a
 * change in every plan; one that is answered still shows as drift.
 */
const omittable = [
  "retry_max_attempts",
  "retry_delay",
  "retry_backoff",
  "byok_only",
  "guardrails",
  "log_classification",
  "logpush",
  "logpush_public_key",
  "otel",
  "spend_limits",
  "store_id",
  "stripe",
  "workers_ai_billing_mode",
  "zdr",
] as const satisfies readonly Key[];

/**
 * What selects a setting that is off: nothing, in whichever form the API says "off" (null, an empty list, an
 * object that is disabled), and something where somebody turned it on.
 */
const whileOff: Partial<Record<Key, string>> = {
  dlp: "dlp.{enabled}",
  // The first category of either side.
  guardrails: "guardrails.@values.@join.@keys.0",
  otel: "otel.0.url",
  spend_limits: "spend_limits.rules.0.limit",
  stripe: "stripe.usage_events.0.payload",
};

/** What selects a setting that is on, without the secrets the API echoes: they would be in plan and state. */
const whileOn: Partial<Record<Key, string>> = {
  otel: "otel.#.{url,content_type}",
  stripe: "stripe.{usage_events}",
};

/** The same, as an import begins with it: what the body has and no answer does is written into it. */
const whileImported: Partial<Record<Key, string>> = {
  otel: 'otel.#.{url,"headers":!{},content_type}',
};

/** How a gateway with this body is read. */
export function renderReading(body: GatewayBody): GatewayReading {
  return {
    readSelector: renderSelector(managedKeys, body, whileOff, whileOn),
    writeOnlyAttrs: [
      ...omittable.filter((key) => isOff(body, key)),
      ...(isOff(body, "dlp") ? ["dlp.enabled", "dlp.action", "dlp.profiles"] : []),
      ...(body.otel ?? []).flatMap((_, index) => [
        `otel.${index}.headers`,
        `otel.${index}.content_type`,
      ]),
      ...(body.stripe === null ? [] : ["stripe.authorization"]),
    ],
  };
}

export interface GatewayImport {
  readonly body: GatewayBody;
  /** Settings that the gateway's own PUT leaves out. */
  readonly withSecrets: readonly Key[];
}

/**
 * The id Terraform imports a gateway by. The body names the keys that are compared; their values come
 * from the API.
 *
 * What the gateway's own PUT leaves out is left out here, too: with it, that PUT would be sent by the import,
 * and take it away until the next one brings it back.
 */
export function renderGatewayImportId(
  collectionPath: string,
  gatewayId: string,
  { body, withSecrets }: GatewayImport,
): string {
  // An import knows nothing to put back: `dlp` is read whole.
  const { dlp, ...others } = whileOff;
  const keys = managedKeys.filter((key) => !(withSecrets as readonly string[]).includes(key));
  return renderImportId({
    id: `${collectionPath}/${gatewayId}`,
    path: collectionPath,
    body: Object.fromEntries(keys.map((key) => [key, null])),
    readSelector: renderSelector(keys, body, others, whileImported),
  });
}

function renderSelector(
  keys: readonly (keyof GatewayBody)[],
  body: GatewayBody,
  off: Partial<Record<Key, string>>,
  on: Partial<Record<Key, string>>,
): string {
  const selected = keys.map((key) => {
    const path = key === "id" ? undefined : (isOff(body, key) ? off : on)[key];
    return path === undefined ? key : `"${key}":${path}`;
  });
  return `result.{${selected.join(",")}}`;
}
