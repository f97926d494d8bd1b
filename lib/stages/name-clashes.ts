import { TerraformStack } from "cdktf";
import { show } from "../prop-rules.js";
import { accountNamesOf } from "./account-name.js";
import { stageOf } from "./stage-of.js";

/** Reports at synth the names of a stack that another stack of the app has in the same account. */
export function refuseNameClashes(stack: TerraformStack): void {
  stack.node.addValidation({ validate: () => clashesOf(stack) });
}

function clashesOf(stack: TerraformStack): string[] {
  const others = stack.node.root.node
    .findAll()
    .filter((other): other is TerraformStack => TerraformStack.isStack(other) && other !== stack);
  // Names are read from rendered resources: a stack that is alone has nothing to pay for.
  const taken = new Map(
    others.flatMap((other) => accountNamesOf(other)).map((entry) => [entry.key, entry.owner]),
  );
  if (taken.size === 0) {
    return [];
  }
  return accountNamesOf(stack).flatMap(({ key, owner, prop, name }) => {
    const other = taken.get(key);
    return other === undefined
      ? []
      : [
          `${prop}: got ${show(name)} at ${owner.node.path}, and ${other.node.path} has it in the same account, where a name is there once. ${remedy(stack, prop, name)}`,
        ];
  });
}

/** What to do about a name that another stack has, too. */
export function remedy(stack: TerraformStack, prop: string, name: string): string {
  if (stageOf(stack) === undefined) {
    return `Write another ${prop} in one of them.`;
  }
  return prop === "hostname" || prop === "pattern"
    ? "Write one that has the stage's name in it."
    : `Remove ${prop}, or write stage.nameFor(${JSON.stringify(name)}).`;
}
