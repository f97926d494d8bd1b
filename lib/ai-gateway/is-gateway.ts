import { type Rule, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { IAiGateway } from "./ai-gateway-interface.js";

/** Whether it is a gateway: plain JavaScript lets anything through. */
export const isGateway = (gateway: unknown): gateway is IAiGateway =>
  typeof gateway === "object" &&
  gateway !== null &&
  "gatewayId" in gateway &&
  "declaredId" in gateway;

/** A gateway's id for a path; of what is no gateway, which its rule reports, none. */
export const gatewayIdOf = (gateway: unknown): string =>
  isGateway(gateway) ? gateway.gatewayId : "";

/** What tells a stack's gateways apart: a token is another text whenever the program changes. */
export const gatewayKey = ({ declaredId, node }: IAiGateway): string =>
  isToken(declaredId) ? node.path : declaredId;

/** Whether two are known to be different gateways. */
export const areDifferent = (one: unknown, other: unknown): boolean =>
  isGateway(one) &&
  isGateway(other) &&
  !isToken(one.declaredId) &&
  !isToken(other.declaredId) &&
  one.declaredId !== other.declaredId;

/** The rule of a prop that is a gateway. */
export const gatewayRule = (name: string): readonly Rule<{ readonly gateway: IAiGateway }>[] => [
  {
    name,
    check: ({ gateway }) =>
      isGateway(gateway)
        ? undefined
        : wrongValue(
            "gateway",
            gateway,
            'an AiGateway, or AiGateway.fromGatewayId(stack, "shared", "…")',
          ),
  },
];
