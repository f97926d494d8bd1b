import { Lazy } from "cdktf";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import { renderGatewayBody } from "../ai-gateway/ai-gateway-body.js";
import type { AiGatewayProps } from "../ai-gateway/ai-gateway-props.js";
import { validateGatewayProps } from "../ai-gateway/ai-gateway-validation.js";
import { isOffWhereNull } from "../ai-gateway/gateway-reading.js";
import { escapeTexts } from "../escape-texts.js";
import { hasCredentials, withoutCredentials } from "../url-credentials.js";
import { isRow, isRows, type Row } from "./cloudflare-reader.js";
import type { Code } from "./code.js";
import { SecretExpression } from "./secrets.js";

/** What only Cloudflare sets, or only it knows. */
const notSettings: readonly string[] = [
  "id",
  "is_default",
  "created_at",
  "modified_at",
  "account_id",
  "account_tag",
  "internal_id",
  "wholesale",
];

const secretKeys = {
  otel: ["url", "headers", "authorization", "content_type"],
  stripe: ["authorization", "usage_events"],
} as const;

/** How a note begins about what cannot be deployed. */
export const REFUSED = "synth refuses it";

/** What a reader of the code has to know: settings it cannot say, changes a deploy makes, refusals of synth. */
export function judgeGateway(
  answered: Row,
  props: Readonly<Record<string, Code>>,
): readonly string[] {
  return [
    ...unknownSettings(answered),
    ...changedSettings(answered, props),
    ...validateGatewayProps(declared(answered, props)).map((problem) => `${REFUSED}: ${problem}`),
  ];
}

/** What a deploy makes otherwise, each a sentence. */
export const changedSettings = (
  answered: Row,
  props: Readonly<Record<string, Code>>,
): readonly string[] =>
  differences(answered, {
    ...renderGatewayBody(String(answered.id), declared(answered, props)),
  });

const declared = (answered: Row, props: Readonly<Record<string, Code>>) => ({
  gatewayId: String(answered.id),
  ...(withTokens(props) as AiGatewayProps),
});

/** Props as a stack would have them, each secret a token. */
export function withTokens(code: Code | undefined): unknown {
  if (code instanceof SecretExpression) {
    return Lazy.stringValue({ produce: () => "" });
  }
  if (Array.isArray(code)) {
    return code.map(withTokens);
  }
  return code instanceof Object
    ? Object.fromEntries(Object.entries(code).map(([key, value]) => [key, withTokens(value)]))
    : code;
}

function unknownSettings(answered: Row): readonly string[] {
  const known = [...notSettings, ...Object.keys(gatewayDefaults)];
  const own = Object.entries(answered)
    .filter(([key]) => !known.includes(key))
    .map(([key, value]) => [key, value] as const);
  const inner = Object.entries(secretKeys).flatMap(([setting, keys]) => {
    const parts = [answered[setting]].flat().filter(isRow);
    return parts.flatMap((part) =>
      Object.entries(part)
        .filter(([key]) => !(keys as readonly string[]).includes(key))
        .map(([key, value]) => [`${setting}.${key}`, value] as const),
    );
  });
  return [...own, ...inner].map(
    ([key, value]) =>
      `${key} is ${shown(value)}: this version of the constructs does not know the setting, and a deploy leaves it out of what it sends.`,
  );
}

/** A text, or what is in an object, may be a secret. */
const shown = (value: unknown): string => {
  if (typeof value === "string") return "a text";
  if (Array.isArray(value)) return "an array";
  return value instanceof Object ? "an object" : String(value);
};

/** Settings that the code has to say otherwise than they are. */
function differences(answered: Row, body: Row): readonly string[] {
  return (Object.keys(gatewayDefaults) as (keyof GatewaySettings)[]).flatMap((key) => {
    const becomes = sorted(comparable(key, body[key])) ?? "";
    // Texts of the body are written as Terraform's templates.
    if (sorted(comparable(key, escapeTexts(answered[key]))) === becomes) {
      return [];
    }
    const is = sorted(comparable(key, answered[key]));
    const will = becomes.replaceAll(/([$%])\1\{/g, "$1{");
    return [`${key}: is ${is}, which no prop can say; a deploy makes it ${will}.`];
  });
}

/** Of what has no known form, nothing is shown: it may be a secret. */
const OF_ANOTHER_FORM = "of a form that this version does not know";

/** A setting's value without its secrets, whichever way the API says "off". */
function comparable(key: keyof GatewaySettings, value: unknown): unknown {
  switch (key) {
    case "otel":
      if (!isRows(value ?? [])) return OF_ANOTHER_FORM;
      return isRows(value) && value.length > 0
        ? value.map(({ url, content_type = "json" }) => ({
            url: hasCredentials(String(url))
              ? `${withoutCredentials(String(url))} with a credential`
              : url,
            content_type,
          }))
        : null;
    case "stripe": {
      if (!isRow(value ?? {})) return OF_ANOTHER_FORM;
      const events = isRow(value) && Array.isArray(value.usage_events) ? value.usage_events : [];
      return events.length > 0 ? events : null;
    }
    case "spend_limits":
      return isRow(value) && Array.isArray(value.rules) && value.rules.length > 0
        ? {
            enabled: value.enabled ?? false,
            rules: value.rules.map((rule) => ({ enabled: true, technique: "sliding", ...rule })),
          }
        : null;
    case "dlp": {
      if (!isRow(value ?? {})) return value;
      const { policies, ...parts } = (value ?? {}) as Row;
      const given = Object.entries(parts).filter(([, part]) => (part ?? null) !== null);
      return Array.isArray(policies) && policies.length > 0
        ? value
        : { ...gatewayDefaults.dlp, ...Object.fromEntries(given) };
    }
    default:
      // A setting may be left out, or null, while it is off.
      return value ?? (value === undefined || isOffWhereNull(key) ? gatewayDefaults[key] : null);
  }
}

/** JSON with its keys in order. */
export const sorted = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner) =>
    isRow(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
