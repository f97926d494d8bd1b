import { type ITerraformDependable, Lazy, type TerraformResource } from "cdktf";

/**
 * A resource that another one waits for, as long as it is part of the stack: an `importFrom` that is called later may
 * leave it out.
 */
export const whileDeclared = (resource: TerraformResource): ITerraformDependable => ({
  fqn: Lazy.stringValue({
    produce: () =>
      resource.node.scope?.node.tryFindChild(resource.node.id) === resource
        ? `${resource.terraformResourceType}.${resource.friendlyUniqueId}`
        : undefined,
  }),
});
