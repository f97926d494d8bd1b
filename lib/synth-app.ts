import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { App, type AppConfig } from "cdktf";
import { wantsStackTrace } from "../protocol/stack-trace.js";
import { constructMistake, isSentenceOfCdktf } from "./construct-mistakes.js";

/**
 * Declares an app and synthesizes it, as `new App()` and `app.synth()` do. What is wrong with the declaration is said in
 * its sentences alone, and the exit code is 1: JavaScript's stack is shown with `AI_GATEWAY_STACK_TRACE=1` in the
 * environment.
 *
 * @param declare What is in the app; may be asynchronous
 *
 * @example
 * ```ts
 * void synthApp((app) => {
 *   const stack = new TerraformStack(app, "chat");
 *   new Cloudflare(stack, "cloudflare");
 *   new AiGateway(stack, "gateway");
 * });
 * ```
 */
export async function synthApp(
  declare: (app: App) => void | Promise<void>,
  config: AppConfig = {},
): Promise<void> {
  const app = new App(config);
  try {
    await declare(app);
    app.synth();
  } catch (error) {
    const sentences = wantsStackTrace(process.env) ? undefined : sentencesOf(error, app);
    if (sentences === undefined) throw error;
    process.stderr.write(`${sentences}\n`);
    process.exitCode = 1;
  }
}

/** What the user has to know of a mistake of theirs; undefined for a defect, whose stack is all there is. */
function sentencesOf(error: unknown, app: App): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith("Validation failed with the following errors")) {
    // Not the advice of cdktf, which ends it: without validations the deploy would fail halfway.
    return error.message.split(/\n\s*If you wish to ignore/)[0]?.trimEnd();
  }
  const place = placeOf(error);
  const at = place === undefined ? "" : `\n  at ${place}`;
  const { name, message } = constructMistake(error, app) ?? error;
  // By its name: the app may have another copy of the library.
  if (name === "UsageError") return `${name}: ${message}${at}`;
  return isSentenceOfCdktf(error) ? `${message.trimEnd()}${at}` : undefined;
}

/** Where in the user's own code the mistake is. */
function placeOf({ stack = "" }: Error): string | undefined {
  const frames = stack.split("\n").flatMap((line) => {
    const [, file, place] =
      /\(?((?:file:\/\/)?\/[^()]+|\w:\\[^()]+?):(\d+:\d+)\)?$/.exec(line) ?? [];
    return file === undefined ? [] : [{ file: asPath(file), place }];
  });
  const own = frames.find(
    ({ file }) => !file.startsWith(__dirname) && !/[\\/]node_modules[\\/]/.test(file),
  );
  return own === undefined ? undefined : `${relative(process.cwd(), own.file)}:${own.place}`;
}

const asPath = (file: string): string => (file.startsWith("file://") ? fileURLToPath(file) : file);
