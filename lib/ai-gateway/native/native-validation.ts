import type { AiGatewayProps } from "../ai-gateway-props.js";

export function validateNativeProps(_props: AiGatewayProps): readonly string[] {
  return [];
}
