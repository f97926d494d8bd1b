import { shellWord } from "../../protocol/shell-word.js";
import { emulatedScheduledPath } from "../../protocol/urls.js";
import type { Emulator } from "../emulator-options.js";
import {
  type EmulatorFacts,
  foreignVariables,
  type ProviderMode,
  renderEnvironment,
} from "../environment.js";
import { programName } from "../program-name.js";

/** What to paste into another terminal, so that any command there talks to this emulator. */
export function renderExports(
  facts: EmulatorFacts & Pick<Emulator, "crons">,
  providers: ProviderMode,
): string {
  const variables = {
    ...renderEnvironment(facts, providers),
    // A missing variable is an error: cdktf shows no question for it, and waits for ever.
    TF_INPUT: "0",
  };
  const lines = Object.entries(variables).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  return `The emulator is up at ${facts.apiUrl}. In another terminal:

unset ${foreignVariables(providers).join(" ")}
${lines.join("\n")}

or, without exporting anything: ${programName("<command>")}
${renderCronCall(facts)}
Ctrl-C stops it and the account is kept; the next start needs the lines again, its socket is another.
`;
}

/** Whole, to be pasted: the token, too. */
function renderCronCall({
  apiUrl,
  accountId,
  apiToken,
  crons,
}: EmulatorFacts & Pick<Emulator, "crons">): string {
  const [first, ...more] = crons();
  const path = emulatedScheduledPath(accountId, first?.scriptName ?? "NAME");
  // A Worker with one cron needs no word about which.
  const several = more.some(({ scriptName }) => scriptName === first?.scriptName);
  const query = first && several ? `?cron=${encodeURIComponent(first.cron)}` : "";
  const what = first
    ? `the cron "${first.cron}" of the Worker "${first.scriptName}"`
    : "a cron of the Worker NAME";
  return `To fire ${what} now:

curl -X POST ${shellWord(`${apiUrl}${path}${query}`)} -H 'Authorization: Bearer ${apiToken}'
`;
}
