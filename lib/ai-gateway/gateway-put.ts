import { escapeTexts } from "../escape-texts.js";
import type { BodyPatch } from "../rest-api/rest-resource.js";
import { secretToken } from "../secret-text.js";
import type { GatewayBody } from "./ai-gateway-body.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";
import { renderSecretOtel } from "./settings/otel.js";

/** The PUT that follows a gateway's own requests, with the secrets beside the body. */
export interface GatewayPut {
  readonly body: object;
  readonly ephemeralBody?: object;
}

/** The whole of a gateway's settings, its secrets in the ephemeral part. */
export function renderGatewayPut(body: GatewayBody, props: AiGatewayProps): GatewayPut {
  const otel = renderSecretOtel(props.otel ?? []);
  const { stripe } = props;
  if (otel === undefined && stripe === undefined) {
    return { body };
  }
  const { otel: shownOtel, stripe: shownStripe, ...settings } = body;
  return {
    body: {
      ...settings,
      // An array cannot be merged item by item: with secrets, all of it is ephemeral.
      ...(otel === undefined && { otel: shownOtel }),
      stripe: shownStripe && { usage_events: shownStripe.usage_events },
    },
    ephemeralBody: {
      ...(otel !== undefined && { otel: escapeTexts(otel) }),
      ...(stripe !== undefined && {
        stripe: { authorization: secretToken(stripe.authorization) },
      }),
    },
  };
}

/**
 * Leaves what has secrets out of the gateway's own PUT, which does not have them: should nothing follow it, a
 * setting that the API turned off is seen by the next plan, and one without its secrets would not be.
 */
export const renderUpdatePatches = (props: AiGatewayProps): readonly BodyPatch[] =>
  settingsWithSecrets(props).map((path) => ({ path, removed: true }));

/** Settings whose values are sent by the PUT that follows, and by nothing else. */
export const settingsWithSecrets = (props: AiGatewayProps): readonly ("otel" | "stripe")[] => [
  ...(renderSecretOtel(props.otel ?? []) === undefined ? [] : ["otel" as const]),
  ...(props.stripe === undefined ? [] : ["stripe" as const]),
];
