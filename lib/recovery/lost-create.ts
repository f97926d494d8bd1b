import { dependable, TerraformElement, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { RemovedFromState } from "../removed-from-state.js";
import { ImmutableRestResource } from "../rest-api/immutable-rest-resource.js";
import { TerraformData } from "../terraform-data.js";
import { escapeInQuotes, escapeTemplate, isToken } from "../terraform-text.js";
import { whenImported } from "../when-imported.js";
import { ExistingObjects, type Listing } from "./existing-objects.js";

/**
 * Time between the claim of a name and the creation of its object within which the object is taken for ours.
 * Not before the claim, but for its whole seconds: what somebody else made between our plan and our apply is older.
 * Where a clock is wrong, the object is refused, which is the safe side.
 */
const LATEST = "15m";
const EARLIEST = "-1s";

/** How long a claim counts: what leaves the state later, by whatever way, is no lost creation. */
const CLAIM_LASTS = "24h";

export interface LostCreateOptions {
  /** The list in which the object is found by its name. @default none: nothing is done */
  readonly listing: Listing | undefined;

  /** The name the object is created by, as in the list and unique there. */
  readonly name: string;

  /**
   * The id Terraform imports the object by.
   * @param id The object's id in the list, as an expression
   */
  readonly importId: (id: string) => string;

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
      known: `\${${existing.complete} ? [for o in ${existing.named(name)} : ${existing.identity}] : null}`,
      at: `\${timestamp()}`,
    },
    ...(renamed ? {} : { triggersReplace: { name: escapeTemplate(name) } }),
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
    importId: existing.importId(importId),
    claim,
    resource,
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

interface LostCreateParts {
  readonly existing: ExistingObjects;
  readonly name: string;
  readonly importId: string;
  readonly claim: TerraformData;
  readonly resource: TerraformResource;
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
    const { existing, name, importId, claim, resource } = this.#parts;
    const claimed = `terraform_data.${claim.friendlyUniqueId}.input`;
    const objects = existing.named(name);
    const within =
      `timecmp(o.at, timeadd(${claimed}.at, "${EARLIEST}")) >= 0 && ` +
      `timecmp(o.at, timeadd(${claimed}.at, "${LATEST}")) <= 0 && ` +
      `timecmp(plantimestamp(), timeadd(${claimed}.at, "${CLAIM_LASTS}")) <= 0`;
    // A claim of an older version says whether there was nothing.
    const unknown = `try(!contains(${claimed}.known, ${existing.identity}), ${claimed}.absent, false)`;
    // The time is known only where the claim is in the state: it is asked for nowhere else.
    const ours = `${unknown} && ${claimed}.name == "${escapeInQuotes(name)}" && length(${objects}) == 1 ? try(${within}, false) : false`;
    return {
      import: [
        {
          for_each: `\${{ for o in ${objects} : o.id => o.id if (${ours}) }}`,
          to: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
          id: importId,
        },
      ],
    };
  }
}
