import { EmulatorError } from "../emulator-error.js";
import type { Change } from "./deploy-queue.js";
import { type ScriptKey, scriptNameOf } from "./script-key.js";
import { ScriptRefusedError } from "./uploaded-script.js";

/** Why a generation did not start. */
export interface StartFailure {
  /** The script that does not start, when workerd said which. */
  readonly key?: ScriptKey;
  readonly error: Error;
}

/** Which changes a failed start is charged to; none when only trying one by one can tell. */
export function blame(
  changes: readonly Change[],
  { key, error }: StartFailure,
): readonly (readonly [Change, Error])[] {
  const named = changes.filter((change) => change.key === key);
  if (named.length > 0) return named.map((change) => [change, error]);
  if (key !== undefined) {
    const other = new EmulatorError(
      `Worker "${scriptNameOf(key)}", deployed before, does not start any more and keeps this one from starting: ${error.message}`,
    );
    return changes.map((change) => [change, other]);
  }
  const hopeless = changes.length === 1 || !(error instanceof ScriptRefusedError);
  return hopeless ? changes.map((change) => [change, error]) : [];
}
