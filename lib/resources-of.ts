import { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * All resources that make a construct what it is, for `depends_on`: some settings are sent after it was created.
 * Those of another stack are none of ours: its deploy was before.
 */
export function resourcesOf(construct: Construct, user: Construct): TerraformResource[] {
  const stack = TerraformStack.of(user);
  return construct.node
    .findAll()
    .filter((child): child is TerraformResource => TerraformResource.isTerraformResource(child))
    .filter((child) => TerraformStack.of(child) === stack);
}
