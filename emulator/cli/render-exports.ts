import { type EmulatorFacts, type ProviderMode, renderEnvironment } from "../environment.js";

/** What to paste into another terminal, so that any command there talks to this emulator. */
export function renderExports(facts: EmulatorFacts, providers: ProviderMode): string {
  const lines = Object.entries(renderEnvironment(facts, providers)).map(
    ([name, value]) => `export ${name}=${shellQuote(value)}`,
  );
  return `The emulator is up at ${facts.apiUrl}. In another terminal:

${lines.join("\n")}

or, without exporting anything: npm run emulator -- <command>
Ctrl-C stops it; the account is kept.
`;
}

function shellQuote(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
