import { Annotations, Aspects, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { gatewayKey, isGateway } from "../ai-gateway/is-gateway.js";
import type { GatewayPolicyProps } from "./gateway-policy-props.js";

/** Stack → gateway → its policies. */
const policiesOfStack = new WeakMap<TerraformStack, Map<string, GatewayPolicyProps[]>>();

/**
 * Warns at the first policy of a gateway where none of the stack's policies allows every request: the first policy
 * turns on the refusal of all that none allows.
 */
export function warnOfDefaultDeny(owner: Construct, props: GatewayPolicyProps): void {
  const { gateway } = props;
  if (!isGateway(gateway)) return;
  const stack = TerraformStack.of(owner);
  const policiesOf = policiesOfStack.get(stack) ?? new Map<string, GatewayPolicyProps[]>();
  policiesOfStack.set(stack, policiesOf);
  const key = gatewayKey(gateway);
  const known = policiesOf.get(key);
  if (known !== undefined) {
    known.push(props);
    return;
  }
  const policies = [props];
  policiesOf.set(key, policies);
  let isJudged = false;
  // Not before synth are all policies there.
  Aspects.of(owner).add({
    visit: () => {
      if (isJudged || policies.some(allowsEveryone)) {
        return;
      }
      isJudged = true;
      Annotations.of(owner).addWarning(
        `${gateway.node.path} has policies, so it refuses every request that none of them allows, and no policy of this stack allows everyone everything. To allow the rest, declare one with only an action: { type: "no-limit" }, or a limit.`,
      );
    },
  });
}

function allowsEveryone({ actor, resource = "*", condition, action }: GatewayPolicyProps): boolean {
  return (
    action?.type !== "block" &&
    resource === "*" &&
    (condition === undefined || condition === "true") &&
    !String(actor ?? "").includes("{")
  );
}
