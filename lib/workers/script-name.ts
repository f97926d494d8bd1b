import type { Construct } from "constructs";
import { defaultName } from "../default-name.js";
import { claimOne } from "../one-owner.js";
import { show } from "../prop-rules.js";
import { SCRIPT_NAME_MAX_LENGTH } from "./worker-checks.js";

const options = { maxLength: SCRIPT_NAME_MAX_LENGTH, underscores: false } as const;

/**
 * The name of a Worker that a construct declares. A second one of that name in the stack is reported at synth.
 * @param kind What the construct is called in messages
 */
export function claimScriptName(
  owner: Construct,
  kind: string,
  accountId: string,
  given: string | undefined,
): string {
  const scriptName = given ?? defaultName(owner, options);
  claimOne(
    owner,
    ["script", accountId, scriptName],
    (first) =>
      `scriptName: ${show(scriptName)} is the name of ${first} already; each deploy would overwrite the one with the other. Give this ${kind} another scriptName.`,
  );
  return scriptName;
}
