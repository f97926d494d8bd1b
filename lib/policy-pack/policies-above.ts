import { Aspects, type IAspect, type TerraformStack } from "cdktf";

/** Marks an aspect that is meant for every stack below where it is added. */
export const appliesBelow = Symbol.for("cdktf-cloudflare-ai-gateway/policy-pack");

/**
 * Lets a policy pack of the app look at a stack: cdktf itself only visits the aspects of a stack and of what is in
 * it, and says nothing of one that was added to the app.
 */
export function applyPoliciesAbove(stack: TerraformStack): void {
  const above = stack.node.scopes.slice(0, -1);
  Aspects.of(stack).add({
    visit(construct) {
      for (const aspect of above.flatMap((scope) => Aspects.of(scope).all)) {
        if (isPolicyPack(aspect)) aspect.visit(construct);
      }
    },
  });
}

const isPolicyPack = (aspect: IAspect): boolean => appliesBelow in aspect;
