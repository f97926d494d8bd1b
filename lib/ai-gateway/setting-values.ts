import {
  type GatewaySettings,
  gatewayDefaults,
  putOnlySettings,
} from "../../protocol/gateway-settings.js";
import { isToken } from "../terraform-text.js";
import type { GatewayBody } from "./ai-gateway-body.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";

/** Whether a setting of the body has the value of one nobody configured. A token is judged as "on". */
export function isOff(body: GatewayBody, key: keyof GatewaySettings): boolean {
  const value = body[key];
  const off = gatewayDefaults[key];
  if (value === off || !(value instanceof Object && off instanceof Object)) return value === off;
  return !isToken(value) && JSON.stringify(value) === JSON.stringify(off);
}

/** Settings that are "on" and that older versions of the API take on PUT only. */
export const putOnlySettingsOf = (body: GatewayBody): readonly (keyof GatewaySettings)[] =>
  putOnlySettings.filter((key) => !isOff(body, key));

const settings = Object.keys(gatewayDefaults) as readonly (keyof GatewaySettings)[];

const props = Object.fromEntries(
  settings.map((key) => [key, key.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase())]),
) as Readonly<Record<keyof GatewaySettings, keyof AiGatewayProps>>;

/** The prop of a setting: the same words in camelCase. */
export const propOf = (key: keyof GatewaySettings): keyof AiGatewayProps => props[key];

/** Settings a prop names. */
export const declaredSettings = (declared: AiGatewayProps): readonly (keyof GatewaySettings)[] =>
  settings.filter((key) => declared[props[key]] !== undefined);
