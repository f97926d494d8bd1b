import { shownPath } from "../shown-path.js";
import { ApiError, type TakenError } from "./api-error.js";

/**
 * The ways out, first of a deploy that did not end, then of the name that is taken, then for somebody who removed
 * Terraform's state and not the account: to Cloudflare's own words, which stay first.
 */
export function alreadyThere(
  { status, errors, hint, adopted }: TakenError,
  directory: string,
): ApiError {
  const folder = shownPath(directory);
  const again =
    "If a deploy of this stack was interrupted or lost an answer within the last day, deploy again: it takes over " +
    "what it had begun. Otherwise choose";
  const way =
    `The emulated account in ${folder} has it already. ${adopted ? again : "Choose"} another name, or take it over ` +
    `with the construct's importFrom(). Only if Terraform's state was removed (cdktf.out may hold it), and nothing in ` +
    `the account is wanted any more, stop the emulator and remove ${folder} as well.`;
  return new ApiError(status, errors, hint === undefined ? way : `${hint} ${way}`);
}
