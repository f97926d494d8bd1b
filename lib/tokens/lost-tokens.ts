import type { Construct } from "constructs";
import { refuseNamesakes } from "../recovery/namesakes.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import type { TerraformData } from "../terraform-data.js";
import { isToken } from "../terraform-text.js";
import { whenImported } from "../when-imported.js";

/** Longest time from a creation whose answer was lost to the one that was sent for it again. */
const RESENT_WITHIN = "15m";

export interface NamedToken {
  /** Path of the account's tokens. */
  readonly path: string;
  readonly name: unknown;
  readonly token: RestResource;
  /** What is in the state before the token is made, with the time it got there. */
  readonly claim: TerraformData | undefined;
}

/**
 * Refuses another token of the account that the stack's own creation left: nobody has the value of the first.
 *
 * Only what was made between the stack's claim of the name and its own token is such a one: others may name theirs
 * alike.
 */
export function checkLostTokens(owner: Construct, { path, name, token, claim }: NamedToken): void {
  if (claim === undefined || typeof name !== "string" || isToken(name)) return;
  const claimedAt = `terraform_data.${claim.friendlyUniqueId}.input.at`;
  const takeBack = refuseNamesakes(owner, {
    // The newest come first, so the ones looked for are on the page.
    listing: {
      id: "Lost",
      path,
      key: path,
      query: { direction: ["desc"] },
      createdAt: "issued_on",
    },
    name,
    resource: token,
    counts: (ownId) =>
      madeInBetween(claimedAt, `[for t in self.output : t.at if t.id == ${ownId}][0]`),
    problem: (ids) =>
      `the account has another token of this name, made right before this one: an answer that was lost leaves one, whose value nobody has. Delete it by its id, ${ids}, or, where somebody else made it, give this token another name.`,
  });
  // What is imported was not created, and has no claim.
  whenImported(token, takeBack);
}

/** Terraform's condition on a token `o`: made after the claim and before the stack's own, and right beside one of them. */
function madeInBetween(claimedAt: string, ownAt: string): string {
  const between = (from: string, to: string) =>
    `timecmp(o.at, ${from}) >= 0 && timecmp(o.at, ${to}) <= 0`;
  const rightBefore = between(`timeadd(${ownAt}, "-${RESENT_WITHIN}")`, ownAt);
  const rightAfterClaim = between(claimedAt, `timeadd(${claimedAt}, "${RESENT_WITHIN}")`);
  return `${between(`timeadd(${claimedAt}, "-1s")`, ownAt)} && (${rightBefore} || ${rightAfterClaim})`;
}
