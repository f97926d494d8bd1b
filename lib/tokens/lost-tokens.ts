import { type Postcondition, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import type { TerraformData } from "../terraform-data.js";
import { escapeInQuotes, escapeTemplate, isToken } from "../terraform-text.js";
import { whenImported } from "../when-imported.js";

/** Tokens on a page: the most that lists of the API allow. The newest come first, so the ones looked for are on it. */
const PER_PAGE = 50;

/** Longest time from a creation whose answer was lost to the one that was sent for it again. */
const RESENT_WITHIN = "15m";

/** Stack → the read of the account's tokens. */
const readOfStack = new WeakMap<TerraformStack, RestDataSource>();

export interface NamedToken {
  /** Path of the account's tokens. */
  readonly path: string;
  readonly name: unknown;
  readonly token: RestResource;
  /** What is in the state before the token is made, with the time it got there. */
  readonly claim: TerraformData | undefined;
}

/**
 * Fails a plan or a deploy after which the account has a token that the stack's own creation left: when only the
 * answer is lost, the creation is sent again at once, and the API takes it twice. Terraform knows the second, and nobody
 * has the value of the first.
 *
 * Only what was made between the stack's claim of the name and its own token is such a one: others may name theirs
 * alike. Nothing is deleted, for what somebody else made in these seconds looks the same.
 *
 * The tokens of the account are read once, after all that the stack declares.
 */
export function checkLostTokens(owner: Construct, { path, name, token, claim }: NamedToken): void {
  if (claim === undefined || typeof name !== "string" || isToken(name)) return;
  const stack = TerraformStack.of(owner);
  const read =
    readOfStack.get(stack) ??
    new RestDataSource(owner, "Lost", {
      path,
      query: { page: ["1"], per_page: [String(PER_PAGE)], direction: ["desc"] },
      selector: 'result.#.{"id":id,"name":name,"at":issued_on}',
      allowNotExist: true,
    });
  readOfStack.set(stack, read);
  const address = `${token.terraformResourceType}.${token.friendlyUniqueId}`;
  const claimedAt = `terraform_data.${claim.friendlyUniqueId}.input.at`;
  const own = `[for o in self.output : o.at if o.id == basename(${address}.id)][0]`;
  const between = (from: string, to: string) =>
    `timecmp(t.at, ${from}) >= 0 && timecmp(t.at, ${to}) <= 0`;
  const left =
    `${between(`timeadd(${claimedAt}, "-1s")`, own)} && ` +
    `(${between(`timeadd(${own}, "-${RESENT_WITHIN}")`, own)} || ${between(claimedAt, `timeadd(${claimedAt}, "${RESENT_WITHIN}")`)})`;
  // A list in another form than the documented one says nothing.
  const ids = `try([for t in self.output : t.id if t.name == "${escapeInQuotes(name)}" && t.id != basename(${address}.id) && ${left}], [])`;
  const check: Postcondition = {
    condition: `\${length(${ids}) == 0}`,
    errorMessage: `[${escapeTemplate(owner.node.path)}] name: the account has another token of this name, made right before this one: an answer that was lost leaves one, whose value nobody has. Delete it by its id, \${join(", ", ${ids})}, or, where somebody else made it, give this token another name. Was it just taken out of this stack, deploy again.`,
  };
  const setChecks = (of: (others: readonly Postcondition[]) => readonly Postcondition[]): void => {
    read.lifecycle = { postcondition: [...of(read.lifecycle?.postcondition ?? [])] };
  };
  read.dependsOn = [...(read.dependsOn ?? []), address];
  setChecks((others) => [...others, check]);
  // What is imported was not created, and has no claim.
  whenImported(token, () => setChecks((others) => others.filter((other) => other !== check)));
}
