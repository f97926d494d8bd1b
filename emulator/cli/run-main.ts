import { wantsStackTrace } from "../../protocol/stack-trace.js";
import { EmulatorError } from "../emulator-error.js";
import { ArgumentError } from "./arguments.js";
import { CommandNotFoundError } from "./child-process.js";
import { TerraformMissingError } from "./require-terraform.js";

/** Failures whose message is all a user needs; anything else is a defect and shows its stack. */
const expected: readonly (new (message: string) => Error)[] = [
  ArgumentError,
  CommandNotFoundError,
  EmulatorError,
  TerraformMissingError,
];

/**
 * Runs a program to its exit code: 2 for a command line that makes no sense, 1 for other failures.
 * @param alsoExpected kinds of errors of this program whose message is enough
 */
export async function runMain(
  main: () => Promise<number>,
  alsoExpected: typeof expected = [],
): Promise<void> {
  let code = 1;
  try {
    code = await main();
  } catch (error) {
    const known =
      !wantsStackTrace(process.env) &&
      [...expected, ...alsoExpected].some((kind) => error instanceof kind);
    const text = known ? (error as Error).message : (error as Error)?.stack;
    process.stderr.write(`${text ?? String(error)}\n`);
    if (error instanceof ArgumentError) code = 2;
  }
  // Everything is closed by now; what a library forgot must not keep the terminal waiting.
  process.exit(code);
}
