import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { IAiGateway } from "./ai-gateway/ai-gateway-interface.js";
import { show } from "./prop-rules.js";
import { isToken } from "./terraform-text.js";

/** Stack → what is owned → who owns it. */
const owners = new WeakMap<TerraformStack, Map<string, Construct>>();

/**
 * Reports at synth a second construct of a stack that claims what has one owner in the account: a deploy
 * would let each of them overwrite the other's.
 *
 * Within a stack only: two stacks of an app may be for two accounts.
 */
export function claimOne(
  owner: Construct,
  claim: readonly string[],
  problem: (firstPath: string) => string,
): void {
  const stack = TerraformStack.of(owner);
  const claimed = owners.get(stack) ?? new Map<string, Construct>();
  owners.set(stack, claimed);
  const key = JSON.stringify(claim);
  const first = claimed.get(key);
  if (first === undefined) {
    claimed.set(key, owner);
  } else {
    owner.node.addValidation({ validate: () => [problem(first.node.path)] });
  }
}

/** Reports at synth a second construct of a gateway under one name. */
export function claimName(owner: Construct, kind: string, gateway: IAiGateway, name: string): void {
  if (isToken(name)) {
    return;
  }
  const { declaredId } = gateway;
  claimOne(
    owner,
    [kind, isToken(declaredId) ? gateway.node.path : declaredId, name],
    (first) =>
      `name: ${show(name)} is the name of ${first} already; a gateway has one ${kind} of a name. Choose another one.`,
  );
}

/**
 * An id that no child has yet: what was added twice is reported with everything else that is wrong.
 * A token has no text before Terraform runs, and its placeholder is another one whenever the program changes.
 */
export function freeId(scope: Construct, kind: string, name?: string): string {
  const id = name === undefined || isToken(name) ? kind : `${kind}-${name}`;
  for (let number = 2, free = id; ; number++) {
    if (scope.node.tryFindChild(free) === undefined) return free;
    free = `${id}-${number}`;
  }
}
