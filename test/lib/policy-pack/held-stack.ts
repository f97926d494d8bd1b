import { Aspects, type TerraformStack } from "cdktf";
import {
  AiGateway,
  AiGatewayPolicyPack,
  type AiGatewayPolicyPackProps,
  type AiGatewayProps,
} from "../../../lib/index.js";
import { newStack } from "../new-stack.js";

/** No rule but those a test turns on. */
export const off = { authentication: "off", spendLimit: "off", logsWithoutPayload: "off" } as const;

/** A stack with one gateway, held to a pack. */
export function held(props: AiGatewayPolicyPackProps, gateway: AiGatewayProps = {}) {
  const stack = newStack();
  Aspects.of(stack).add(new AiGatewayPolicyPack(props));
  return { stack, gateway: new AiGateway(stack, "gateway", gateway) };
}

/** Annotations of a stack, as `cdktf synth` prints them. */
export function annotations(stack: TerraformStack, type: "warn" | "info"): readonly string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter((entry) => entry.type === `@cdktf/${type}`)
        .map(({ data }) => `[${node.path}] ${data}`),
    );
}
