import type { GatewaySettings } from "../../protocol/gateway-settings.js";
import type { SecretBox } from "./secret-box.js";

type WithSecrets = Pick<GatewaySettings, "otel" | "stripe">;

/** A gateway whose secrets are sealed, each for its own place. */
export function sealGateway<Gateway extends WithSecrets>(
  box: SecretBox,
  gatewayId: string,
  gateway: Gateway,
): Gateway {
  return mapSecrets(gateway, gatewayId, (text, context) => box.seal(text, context));
}

/** The gateway as it was put. @throws {EmulatorError} when it was sealed with another key. */
export function unsealGateway<Gateway extends WithSecrets>(
  box: SecretBox,
  gatewayId: string,
  gateway: Gateway,
): Gateway {
  return mapSecrets(gateway, gatewayId, (text, context) => box.unseal(text, context));
}

function mapSecrets<Gateway extends WithSecrets>(
  gateway: Gateway,
  gatewayId: string,
  map: (text: string, context: string) => string,
): Gateway {
  const { otel, stripe } = gateway;
  if (otel === null && stripe === null) return gateway;
  const place = `gateway "${gatewayId}"`;
  return {
    ...gateway,
    otel:
      otel?.map(({ headers, authorization, ...rest }, index) => ({
        ...rest,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, text]) => [
            name,
            map(text, `${place}, otel ${index}, header ${name}`),
          ]),
        ),
        ...(authorization !== undefined && {
          authorization: map(authorization, `${place}, otel ${index}, authorization`),
        }),
      })) ?? null,
    stripe: stripe && {
      ...stripe,
      authorization: map(stripe.authorization, `${place}, stripe`),
    },
  };
}
