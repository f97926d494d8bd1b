import { shownPath } from "../shown-path.js";
import { ApiError, type TakenError } from "./api-error.js";

/**
 * The way out for somebody who removed Terraform's state and not the account: to Cloudflare's own
 * words, which stay first.
 */
export function alreadyThere({ status, errors, hint }: TakenError, directory: string): ApiError {
  const folder = shownPath(directory);
  const way =
    `The emulated account in ${folder} has it already: if Terraform's state was removed ` +
    `(cdktf.out may hold it), stop the emulator and remove ${folder} as well, or import it.`;
  return new ApiError(status, errors, hint === undefined ? way : `${hint} ${way}`);
}
