import {
  type EmulatorFacts,
  foreignVariables,
  type ProviderMode,
  renderEnvironment,
} from "../environment.js";
import { programName } from "../program-name.js";

/** What to paste into another terminal, so that any command there talks to this emulator. */
export function renderExports(facts: EmulatorFacts, providers: ProviderMode): string {
  const lines = Object.entries(renderEnvironment(facts, providers)).map(
    ([name, value]) => `export ${name}=${shellQuote(value)}`,
  );
  return `The emulator is up at ${facts.apiUrl}. In another terminal:

unset ${foreignVariables(providers).join(" ")}
${lines.join("\n")}

or, without exporting anything: ${programName("<command>")}
Ctrl-C stops it and the account is kept; the next start needs the lines again, its socket is another.
`;
}

function shellQuote(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
