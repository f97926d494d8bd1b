import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index.js";
import { watchSecret } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

/** An emulator of a test's own: when it ends, all that it kept and said is looked through for secrets. */
export async function startTestEmulator(
  options: Omit<EmulatorOptions, "stateDirectory"> = {},
): Promise<Emulator> {
  const stateDirectory = temporaryFolder("emulator-");
  const lines: string[] = [];
  const log = (line: string) => {
    lines.push(line);
    options.log?.(line);
  };
  const emulator = await startEmulator({ ...options, stateDirectory, log });
  watchSecret("an emulator's API token", emulator.apiToken);
  return {
    ...emulator,
    close: async () => {
      await emulator.close();
      await removeFolder(stateDirectory, { texts: { "the emulator's log": lines.join("\n") } });
    },
  };
}
