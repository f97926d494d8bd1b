import { emulatedFaultsPath } from "../../protocol/urls.js";
import { shownPath } from "../shown-path.js";
import type { RunningEmulator } from "../state/running-emulator.js";
import { ArgumentError, type Arguments } from "./arguments.js";

type Asked = Pick<
  Arguments,
  "faultsAsked" | "portOption" | "stateDirectory" | "unenforced" | "unenforcedAsked"
>;

/**
 * Refuses options that an emulator which is up cannot follow any more. What the environment says is not looked at: it
 * may be that of all terminals, and the one that started the emulator has followed it.
 *
 * @throws {ArgumentError} rather than let somebody believe that calls fail, that requests are refused, or where they go.
 */
export function refuseStartOptions(asked: Asked, running: RunningEmulator): void {
  const up = `one is up for ${shownPath(asked.stateDirectory)}`;
  const { unenforced } = running;
  const port = Number(new URL(running.apiUrl).port);
  // 0 is any port, also that of the one that is up.
  if (asked.portOption !== undefined && asked.portOption !== 0 && asked.portOption !== port) {
    throw new ArgumentError(
      `--port=${asked.portOption} is for an emulator that starts, and ${up}, at port ${port}. Leave --port out to use it, or stop it first.`,
    );
  }
  if (asked.unenforcedAsked && asked.unenforced !== unenforced) {
    const mode = unenforced === undefined ? "" : `, with --unenforced=${unenforced}`;
    throw new ArgumentError(
      `--unenforced=${asked.unenforced} is for an emulator that starts, and ${up}${mode}. Stop it first.`,
    );
  }
  if (asked.faultsAsked) {
    throw new ArgumentError(
      `--fault is for an emulator that starts, and ${up}. Stop it, or add the rule there: POST ` +
        `${running.apiUrl}${emulatedFaultsPath(running.accountId)} with its token.`,
    );
  }
}
