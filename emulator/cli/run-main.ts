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

export interface RunMainOptions {
  /** Kinds of errors of this program whose message is enough. @default none */
  readonly alsoExpected?: typeof expected;
  /** Where the message of a failure goes. @default stderr */
  readonly tell?: ((message: string) => void) | undefined;
}

/** Runs a program to its exit code: 2 for a command line that makes no sense, 1 for other failures. */
export async function runMain(
  main: () => Promise<number>,
  { alsoExpected = [], tell }: RunMainOptions = {},
): Promise<void> {
  let code = 1;
  try {
    code = await main();
  } catch (error) {
    const known =
      !wantsStackTrace(process.env) &&
      [...expected, ...alsoExpected].some((kind) => error instanceof kind);
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    tell?.(message);
    // What is said elsewhere is not said twice; a stack is only said here.
    if (!known || tell === undefined) process.stderr.write(`${known ? message : stack}\n`);
    if (error instanceof ArgumentError) code = 2;
  }
  // Everything is closed by now; what a library forgot must not keep the terminal waiting.
  process.exit(code);
}
