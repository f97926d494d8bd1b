import { dependable, TerraformElement, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { RemovedFromState } from "../removed-from-state.js";
import { ImmutableRestResource } from "../rest-api/immutable-rest-resource.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { TerraformData } from "../terraform-data.js";
import { escapeInQuotes, escapeTemplate, isToken } from "../terraform-text.js";
import { whenImported } from "../when-imported.js";
import { ExistingObjects, type Listing } from "./existing-objects.js";

export interface LostCreateOptions {
  /** The list in which the object is found by its name. @default none: nothing is done */
  readonly listing: Listing | undefined;

  /** The name the object is created by, as in the list and unique there. */
  readonly name: string;

  /**
   * The id Terraform imports the object by.
   * @param id The object's id in the list, as an expression
   * @param path The path that the object's begins with, written out: Terraform has to know it when it plans, also where
   * the object's owner is made anew
   */
  readonly importId: (id: string, path: string) => string;

  /** Whether another name is given to the object in place. @default false: it is another object */
  readonly renamed?: boolean;

  /** Construct id of the claim. @default "Claim" */
  readonly claimId?: string;
}

/**
 * Lets the next deploy adopt an object whose creation was carried out while Terraform did not learn of it,
 * because it was killed or the answer was lost.
 *
 * Before the object is created, a claim goes into the state: what has its name by then, which is nothing, or what is
 * about to be replaced. When a later plan finds exactly one other object of that name, created within minutes after the
 * claim, and has none in its state, it imports it. What existed before the claim, or was created at another time, is
 * refused by the API as before and never taken over; so is everything a day after the claim.
 *
 * Nothing is done for a name or an account that only Terraform knows, nor where the stack says which object it is:
 * what is imported is not created.
 *
 * @returns the claim
 */
export function recoverLostCreate(
  resource: TerraformResource,
  { listing, name, importId, renamed = false, claimId = "Claim" }: LostCreateOptions,
): TerraformData | undefined {
  const scope = resource.node.scope;
  if (scope === undefined || listing === undefined || typeof name !== "string") {
    return undefined;
  }
  // The list is read when Terraform plans: what is known only later would fail every plan.
  if (isToken(name) || isToken(listing.path)) {
    return undefined;
  }
  const existing = ExistingObjects.expectOne(scope, listing);
  const claim = new TerraformData(scope, claimId, {
    input: {
      name: escapeTemplate(name),
      known: `\${${existing.complete} ? ${existing.named(name)} : null}`,
      at: `\${timestamp()}`,
    },
    triggersReplace: triggersOf(resource, listing, renamed ? undefined : name),
    lifecycle: {
      ignoreChanges: ["input"],
      ...(resource instanceof ImmutableRestResource
        ? { replaceTriggeredBy: [dependable(resource.declared)] }
        : {}),
    },
  });
  // In the state before the object is created.
  const address = `terraform_data.${claim.friendlyUniqueId}`;
  resource.dependsOn = [...(resource.dependsOn ?? []), address];
  const found = new LostCreate(scope, `${claimId}Import`, {
    existing,
    name,
    // Now, not when the list is rendered: that may be earlier.
    importId: existing.importId((id) => importId(id, listing.collection ?? listing.path)),
    claim,
    resource,
    renamed,
  });
  whenImported(resource, () => {
    // Terraform takes one import block of a resource.
    if (!scope.node.tryRemoveChild(found.node.id)) return;
    scope.node.tryRemoveChild(claimId);
    const others = (resource.dependsOn ?? []).filter((dependency) => dependency !== address);
    Object.assign(resource, { dependsOn: others.length > 0 ? others : undefined });
    // Where a deploy made it already, there is nothing to destroy.
    new RemovedFromState(scope, claimId, TerraformData.tfResourceType);
  });
  return claim;
}

/** What the object is made anew with: under another name, or where its owner is, also under the owner's old name. */
function triggersOf(
  resource: TerraformResource,
  { owner }: Listing,
  name: string | undefined,
): object | undefined {
  const triggers = {
    ...(name === undefined ? {} : { name: escapeTemplate(name) }),
    ...(owner !== undefined && resource instanceof RestResource ? { path: resource.path } : {}),
  };
  return Object.keys(triggers).length > 0 ? triggers : undefined;
}

interface LostCreateParts {
  readonly existing: ExistingObjects;
  readonly name: string;
  readonly importId: string;
  readonly claim: TerraformData;
  readonly resource: TerraformResource;
  readonly renamed: boolean;
}

/** The import block of an object whose creation was lost; of nothing while there is none. */
class LostCreate extends TerraformElement {
  readonly #parts: LostCreateParts;
  // cdktf asks for it several times.
  #rendered: object | undefined;

  constructor(scope: Construct, id: string, parts: LostCreateParts) {
    super(scope, id);
    this.#parts = parts;
  }

  override toTerraform(): object {
    this.#rendered ??= this.#render();
    return this.#rendered;
  }

  #render(): object {
    const { existing, name, importId, resource } = this.#parts;
    const claim = `terraform_data.${this.#parts.claim.friendlyUniqueId}.input`;
    // The time is known only where the claim is in the state: it is asked for nowhere else.
    const ours =
      `try(!contains(${claim}.known, o.key), false)${this.#named(claim)} ? ` +
      `try(timecmp(${claim}.at, o.from) >= 0 && timecmp(${claim}.at, o.to) <= 0, false) : false`;
    return {
      import: [
        {
          for_each: `\${{ for o in ${existing.recent(name)} : o.id => o.id if ${ours} }}`,
          to: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
          id: importId,
        },
      ],
    };
  }

  /** The claim of an object that is renamed in place is of the name it was created by. */
  #named(claim: string): string {
    const { name, renamed } = this.#parts;
    return renamed ? ` && ${claim}.name == "${escapeInQuotes(name)}"` : "";
  }
}
