import { Aspects, dependable, type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { customSlugOf } from "../provider-slug.js";
import { resourcesOf } from "../resources-of.js";
import { CustomProvider } from "./custom-provider.js";

/**
 * Makes what names custom providers after those of them that the stack declares, and deletes it before: they are
 * named by a text, which tells Terraform nothing.
 */
export function makeAfterCustomProviders(
  owner: Construct,
  providerSlugs: readonly unknown[],
  resources: readonly TerraformResource[],
): void {
  const slugs = new Set(providerSlugs.map(customSlugOf).filter((slug) => slug !== undefined));
  if (slugs.size === 0) return;
  let isDone = false;
  // A provider may be declared later.
  Aspects.of(owner).add({
    visit: () => {
      if (isDone) return;
      isDone = true;
      const before = TerraformStack.of(owner)
        .node.findAll()
        .filter((construct): construct is CustomProvider => construct instanceof CustomProvider)
        .filter(({ slug }) => slugs.has(slug))
        .flatMap((provider) => resourcesOf(provider, owner));
      for (const resource of resources) {
        resource.dependsOn = [...(resource.dependsOn ?? []), ...before.map(dependable)];
      }
    },
  });
}
