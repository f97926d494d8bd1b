import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
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

/** An API may leave out what is the default. */
const contentType = '"content_type":[content_type,!"json"].0';

/** The same, as it is compared after a PUT: nothing of what was sent stands in for what is left out. */
const whileCompared: Partial<Record<Key, string>> = {
  ...whileOn,
  otel: `otel.#.{url,${contentType}}`,
};

/**
 * The same, of a gateway that was imported: such a state has no `write_only_attrs`, so what no answer has is written
 * into the selection.
 */
const whileImported: Partial<Record<Key, string>> = {
  otel: `otel.#.{url,"headers":!{},${contentType}}`,
};

/** What stands where a value is null or left out: `~null` is of gjson 1.18, which restful 0.25 is built with. */
const orElse = (path: string, off: unknown): string =>
  off === null ? `[${path},!null].0` : `[${path},!${JSON.stringify(off)}].#(!=~null)`;

/** An import knows nothing to put back, so a setting that is off is read whole, or as off where it is null or left out. */
function whileImportedOff(key: Key): string {
  if (key !== "dlp") return orElse(whileOff[key] ?? key, gatewayDefaults[key]);
  // A query has no array for a value: here it compares the items.
  const profiles = "[dlp.profiles.#(!=~null)#,![]].0";
  return `{"enabled":${orElse("dlp.enabled", false)},"action":${orElse("dlp.action", "FLAG")},"profiles":${profiles},"policies":dlp.policies.0.id}`;
}

/** How a gateway with this body is read. */
export function renderReading(body: GatewayBody): GatewayReading {
  return {
    readSelector: renderSelector(
      managedKeys,
      (key) => (isOff(body, key) ? selections.off : selections.on)[key],
    ),
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

/** Settings that are always in an answer, and null in some while they are off. */
const nullable = [
  "cache_ttl",
  "rate_limiting_interval",
  "rate_limiting_limit",
] as const satisfies readonly Key[];

const offInSomeWay: readonly Key[] = ["dlp", ...omittable, ...nullable];

/** Whether null is one of the ways in which the API says that a setting is off. */
export const isOffWhereNull = (key: Key): boolean => offInSomeWay.includes(key);

/** How each setting is selected, rendered once: the settings are the same for each of a thousand gateways. */
const selections = {
  off: selectionsOf((key) => whileOff[key]),
  on: selectionsOf((key) => whileOn[key]),
  compared: selectionsOf((key) => whileCompared[key]),
  imported: selectionsOf((key) => whileImported[key] ?? whileOn[key]),
  importedOff: selectionsOf((key) => (isOffWhereNull(key) ? whileImportedOff(key) : undefined)),
};

function selectionsOf(pathOf: (key: Key) => string | undefined): Readonly<Record<Key, string>> {
  const selection = (key: Key): string => {
    const path = pathOf(key);
    return path === undefined ? key : `"${key}":${path}`;
  };
  return Object.fromEntries(
    (Object.keys(gatewayDefaults) as Key[]).map((key) => [key, selection(key)]),
  ) as Record<Key, string>;
}

/**
 * How a gateway with this body is read that was imported. A setting that the API leaves out or answers as null while it
 * is off is off.
 */
export const renderImportedSelector = (
  body: GatewayBody,
  keys: readonly (keyof GatewayBody)[] = managedKeys,
): string =>
  renderSelector(
    keys,
    (key) => (isOff(body, key) ? selections.importedOff : selections.imported)[key],
  );

/** Selects settings that are on, without the secrets the API echoes. */
export const renderSelectorOf = (keys: readonly Key[]): string =>
  renderSelector(keys, (key) => selections.compared[key]);

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
  const keys = managedKeys.filter((key) => !(withSecrets as readonly string[]).includes(key));
  return renderImportId({
    id: `${collectionPath}/${gatewayId}`,
    path: collectionPath,
    body: Object.fromEntries(keys.map((key) => [key, null])),
    readSelector: renderImportedSelector(body, keys),
  });
}

const renderSelector = (
  keys: readonly (keyof GatewayBody)[],
  selectionOf: (key: Key) => string,
): string => `result.{${keys.map((key) => (key === "id" ? key : selectionOf(key))).join(",")}}`;
