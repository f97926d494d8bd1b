import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator-options.js";
import type { Outputs } from "./deploy.js";

/** What a person can try while the emulator is up. */
export function renderNextSteps(
  outputs: Outputs,
  emulator: Pick<Emulator, "logDirectory" | "accountId">,
): string {
  const log = join(emulator.logDirectory, emulator.accountId, outputs.gatewayId, "log.jsonl");
  return `
It stays up until Ctrl-C. Next:

  Open the page    ${outputs.url}   (twice, to talk to yourself)
  Ask by hand      curl -i ${new URL("/ai", outputs.url)} -d '{"prompt":"Say hello"}'
  Token by token   curl -N ${new URL("/ai", outputs.url)} -d '{"prompt":"Say hello","stream":true}'
  Summary          say something in the page's room "lobby", then:
                   curl -X POST ${new URL("/rooms/lobby/summary", outputs.url)}
  Change a value   edit cacheTtl in app/ai-gateway.ts, then: npm run emulator -- cdktf diff
  Request log      ${log}
`;
}
