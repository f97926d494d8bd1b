import { TerraformElement, type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type Rule, wrongValue } from "./prop-rules.js";
import { stageOf } from "./stages/stage-of.js";
import { escapeTemplate, isToken } from "./terraform-text.js";

/** Whether a construct is protected that does not say so itself: in production it is. */
export const protectedByDefault = (owner: Construct): boolean =>
  stageOf(owner)?.production === true;

/** Written out: Terraform takes no expression there, and what only it knows protects nothing. */
export const checkProtection = (prop: string, value: unknown): string | undefined =>
  value === undefined || typeof value === "boolean"
    ? undefined
    : isToken(value)
      ? `${prop}: got a token; allowed is true or false, written out: what only Terraform knows protects nothing.`
      : wrongValue(prop, value, "true or false");

/** The rule of `deletionProtection`. */
export const deletionProtectionRule = (
  name: string,
): readonly Rule<{ readonly deletionProtection?: boolean }>[] => [
  {
    name,
    check: ({ deletionProtection }) => checkProtection("deletionProtection", deletionProtection),
  },
];

/**
 * Lets every plan fail that would delete or replace these resources, before anything is touched.
 *
 * Terraform's own message names only an address, so a guard beside the resource has an address that says what to
 * do. It also fails the plan after the construct was removed from the code, where the resource's own
 * `prevent_destroy` is gone with it. A construct that says `deletionProtection: false` hands its guard over to a
 * block that may be destroyed.
 *
 * @param resources Those whose deletion loses something; what can be made again is left out
 * @param deletionProtection The construct's prop @default true in a stage that is production, otherwise false
 * @param identity What makes it this object beside what the resources say: another value is refused as a replacement
 */
export function protectFromDeletion(
  owner: Construct,
  resources: readonly TerraformResource[],
  deletionProtection: boolean | undefined,
  identity: readonly unknown[] = [],
): void {
  const isProtected = deletionProtection ?? protectedByDefault(owner);
  if (isProtected === true) {
    for (const resource of resources) {
      resource.lifecycle = { ...resource.lifecycle, preventDestroy: true };
    }
    DeletionGuard.of(owner).hold(owner, [...identityOf(resources), ...identity]);
  } else if (deletionProtection === false) {
    DeletionGuard.of(owner).release(owner, [...identityOf(resources), ...identity]);
  }
}

/**
 * Keeps the guard's block in a stack even when nothing in it is protected any more: without the block, the removal
 * of the last protected construct from the code would be no reason to refuse.
 */
export function keepDeletionGuard(stack: TerraformStack): void {
  DeletionGuard.of(stack);
}

// Words of the addresses in states that exist: another word would be a deletion, which is refused.
const HELD = "protected_from_deletion";
const RELEASED = "released_from_protection";
const guardId = "DeletionProtection";

/** Terraform's refusal of each note shows its key and nothing else of ours, so it is short and says what to do. */
const heldKey = (path: string): string =>
  escapeTemplate(`${path}: deploy deletionProtection: false first`);

const releasedKey = (path: string): string => escapeTemplate(path);

/** The key in both blocks of states that an older version has left. */
const formerKey = (path: string): string =>
  escapeTemplate(
    `${path}: to lift it, set deletionProtection: false and deploy; then it can be removed, replaced or destroyed`,
  );

/** One per stack: a note for each construct that is protected, or was. */
class DeletionGuard extends TerraformElement {
  static of(scope: Construct): DeletionGuard {
    const stack = TerraformStack.of(scope);
    const guard = stack.node.tryFindChild(guardId);
    return guard instanceof DeletionGuard ? guard : new DeletionGuard(stack, guardId);
  }

  readonly #held = new Map<string, unknown>();
  readonly #released = new Map<string, unknown>();

  hold(owner: Construct, identity: readonly unknown[]): void {
    this.#held.set(owner.node.path, identity);
  }

  release(owner: Construct, identity: readonly unknown[]): void {
    this.#released.set(owner.node.path, identity);
  }

  override toTerraform(): unknown {
    return {
      resource: {
        terraform_data: {
          // An instance that is no more in `for_each` is still held by the block's lifecycle.
          [HELD]: { ...notes(this.#held, heldKey), lifecycle: { prevent_destroy: true } },
          ...(this.#released.size > 0 ? { [RELEASED]: notes(this.#released, releasedKey) } : {}),
        },
      },
      moved: [
        ...[...this.#held.keys()].flatMap((path) =>
          moves(
            address(HELD, formerKey(path)),
            address(RELEASED, formerKey(path)),
            address(RELEASED, releasedKey(path)),
            address(HELD, heldKey(path)),
          ),
        ),
        ...[...this.#released.keys()].flatMap((path) =>
          moves(
            address(RELEASED, formerKey(path)),
            address(HELD, formerKey(path)),
            address(HELD, heldKey(path)),
            address(RELEASED, releasedKey(path)),
          ),
        ),
      ],
    };
  }
}

const notes = (entries: ReadonlyMap<string, unknown>, keyOf: (path: string) => string): object => ({
  for_each: Object.fromEntries([...entries].map(([path, identity]) => [keyOf(path), identity])),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
  triggers_replace: "${each.value}",
});

const address = (block: string, key: string): string =>
  `terraform_data.${block}[${JSON.stringify(key)}]`;

/**
 * Moves a note from wherever it is to the last address: an address may have one source only, so each is moved to the
 * next one.
 */
const moves = (...addresses: readonly string[]): readonly object[] =>
  addresses.slice(1).map((to, index) => ({ from: addresses[index], to }));

type WithIdentity = TerraformResource & { readonly identity: unknown };

/** What Terraform replaces the resources for, as far as it is known here: the guard is replaced with them. */
const identityOf = (resources: readonly TerraformResource[]): readonly unknown[] =>
  resources
    .filter((resource): resource is WithIdentity => "identity" in resource)
    .map(({ identity }) => identity);
