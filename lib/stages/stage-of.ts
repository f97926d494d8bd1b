import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { Stage } from "./stage.js";

// By a symbol of the registry: two copies of the library in one app still know one another's stages.
const stageOfStack = Symbol.for("cdktf-cloudflare-ai-gateway/stage");

interface StackWithStage extends TerraformStack {
  [stageOfStack]?: Stage;
}

/** The stage of the nearest stack, or undefined: stacks need none. */
export function stageOf(construct: IConstruct): Stage | undefined {
  const stack = construct.node.scopes
    .reverse()
    .find((scope): scope is StackWithStage => TerraformStack.isStack(scope));
  return stack?.[stageOfStack];
}

/** Says which stage a stack belongs to. */
export function setStage(stack: TerraformStack, stage: Stage): void {
  (stack as StackWithStage)[stageOfStack] = stage;
}
