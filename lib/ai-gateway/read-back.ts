import type { Postcondition } from "cdktf";
import type { Construct } from "constructs";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import { shareText } from "../shared-text.js";
import { escapeTemplate, hideInQuotes, isToken, unescapeLiteral } from "../terraform-text.js";
import type { GatewayBody } from "./ai-gateway-body.js";
import { propOf } from "./setting-values.js";

type Key = keyof GatewaySettings;

const NOT_KEPT =
  "Cloudflare answered with success, and has another value for it now: the account, its plan or this version of the API may not have the setting. Look at the gateway in the dashboard, or remove the setting; the next deploy sends it again.";

export interface ReadBackOptions {
  readonly gateway: Construct;
  /** Settings that are compared. */
  readonly keys: readonly Key[];
  readonly body: GatewayBody;
  /** Expression of the body that was sent, without its secrets. */
  readonly sent: string;
  /** Expression of the object the API answered with. */
  readonly answered: string;
}

/**
 * Fails an apply after which a setting is not what was sent: an API that does not know a setting, or an
 * account that does not have it, answers with success. What the API adds is not looked at. Nothing is
 * called for it.
 */
export function renderReadBack(options: ReadBackOptions): Postcondition[] {
  const { keys, gateway } = options;
  if (keys.length === 0) return [];
  const advice = shareText(gateway, "not-kept", NOT_KEPT);
  return keys.map((key) => ({
    condition: `\${${kept(key, options)}}`,
    errorMessage: `${escapeTemplate(gateway.node.path)}: ${propOf(key)} was not kept. ${advice}`,
  }));
}

/**
 * Paths of the API's answer that the comparison needs, secrets left out: exporters that somebody else has put where
 * none are declared are left to the plan.
 */
export const readBackPaths = (keys: readonly Key[], body: GatewayBody): readonly string[] =>
  keys.flatMap((key) => {
    if (key === "otel") {
      return body.otel === null ? [] : ["otel.#.url", "otel.#.content_type"];
    }
    return key === "stripe" ? ["stripe.usage_events"] : [key];
  });

function kept(key: Key, { body, sent, answered }: ReadBackOptions): string {
  const value = body[key];
  const [left, right] = [`${answered}.${key}`, `${sent}.${key}`];
  if (value instanceof Object && !isToken(value)) {
    const { authorization, ...shown } = value as { readonly authorization?: unknown };
    return `try(${same(Array.isArray(value) ? value : shown, left, right).join(" && ") || "true"}, false)`;
  }
  if (value !== gatewayDefaults[key] && !isToken(value)) {
    return `try(${left} == ${right}, false)`;
  }
  // An API may leave out what is off.
  const off = JSON.stringify(gatewayDefaults[key]);
  return `try(${left}, null) == null ? ${right} == null || jsonencode(${right}) == ${JSON.stringify(off)} : try(${left} == ${right}, false)`;
}

/** Conditions for each written-out leaf of a value. */
function same(value: unknown, left: string, right: string): string[] {
  if (isToken(value) || !(value instanceof Object)) {
    return [`${left} == ${right}`];
  }
  if (Array.isArray(value)) {
    // A list and a tuple with the same items are not equal to Terraform.
    return value.every((item) => !(item instanceof Object))
      ? [`jsonencode(${left}) == jsonencode(${right})`]
      : [
          `length(${left}) == ${value.length}`,
          ...value.flatMap((item, index) => same(item, `${left}[${index}]`, `${right}[${index}]`)),
        ];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    // The body's keys are escaped for Terraform's templates already.
    const step = `["${hideInQuotes(unescapeLiteral(key))}"]`;
    return same(item, `${left}${step}`, `${right}${step}`);
  });
}
