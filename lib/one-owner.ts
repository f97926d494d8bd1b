import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isToken } from "./terraform-text.js";

/** Stack → what has room for several → how many there are. */
const claims = new WeakMap<TerraformStack, Map<string, number>>();

/** Stack → what is owned → who owns it. */
const owners = new WeakMap<TerraformStack, Map<string, Construct>>();

/**
 * Reports at synth a second construct of a stack that claims what has one owner in the account: a deploy
 * would let each of them overwrite the other's.
 *
 * Within a stack: what two stacks of an app name alike in one account is found by what they render.
 */
export function claimOne(
  owner: Construct,
  claim: readonly string[],
  problem: (firstPath: string) => string,
): void {
  // Plain JavaScript may pass a name of any type; its own check says so.
  if (!claim.every((part) => typeof part === "string")) {
    return;
  }
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

/** Reports at synth the first construct of a stack that is one more than what is claimed has room for. */
export function claimUpTo(
  owner: Construct,
  max: number,
  claim: readonly string[],
  problem: () => string,
): void {
  const stack = TerraformStack.of(owner);
  const counts = claims.get(stack) ?? new Map<string, number>();
  claims.set(stack, counts);
  const key = JSON.stringify(claim);
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  if (count === max + 1) owner.node.addValidation({ validate: () => [problem()] });
}

/**
 * An id that no child has yet: what was added twice is reported with everything else that is wrong.
 * A token has no text before Terraform runs, and its placeholder is another one whenever the program changes.
 */
export function freeId(scope: Construct, kind: string, name?: string): string {
  // Of another type, or too long for a path of files, it is reported by its rule.
  const isName = typeof name === "string" && name.length <= 255 && !isToken(name);
  const id = isName ? `${kind}-${name}` : kind;
  for (let number = 2, free = id; ; number++) {
    if (scope.node.tryFindChild(free) === undefined) return free;
    free = `${id}-${number}`;
  }
}
