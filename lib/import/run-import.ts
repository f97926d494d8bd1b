import { existsSync, writeFileSync } from "node:fs";
import { wantsStackTrace } from "../../protocol/stack-trace.js";
import { CloudflareReader } from "./cloudflare-reader.js";
import { parseImportArguments, usage } from "./import-arguments.js";
import { ArgumentError, ImportError } from "./import-error.js";
import { planLine, planReasons } from "./plan-of-import.js";
import { readGateway } from "./read-gateway.js";
import { renderStack } from "./render-stack.js";

type Environment = Readonly<Record<string, string | undefined>>;

export interface RunImportOptions {
  /** Where the code goes without `--out`. @default stdout */
  readonly write?: (text: string) => void;
  /** Where the rest goes. @default stderr */
  readonly tell?: (text: string) => void;
  /** Milliseconds before a call that failed is repeated for the first time. @default 1000 */
  readonly pauseMs?: number;
}

/**
 * Reads a gateway and writes its code.
 * @returns the exit code: 2 for a command line that makes no sense, 1 for every other failure
 */
export async function runImport(
  argv: readonly string[],
  env: Environment,
  options: RunImportOptions = {},
): Promise<number> {
  const {
    write = (text) => process.stdout.write(text),
    tell = (text) => process.stderr.write(text),
    pauseMs = 1_000,
  } = options;
  try {
    const { help, gatewayIds, out, force } = parseImportArguments(argv);
    if (help) {
      write(usage(env));
      return 0;
    }
    if (out !== undefined && !force && existsSync(out)) {
      throw new ImportError(`${out} exists. Name another file, or add --force to overwrite it.`);
    }
    const api = CloudflareReader.fromEnvironment(env, { pauseMs });
    const gateways = [];
    for (const id of gatewayIds) gateways.push(await readGateway(api, id));
    const { text, notes, secrets, plan } = renderStack(gateways, out);
    if (out === undefined) write(text);
    else writeOut(out, text, force);
    tell(
      [
        ...(out === undefined ? [] : [`Written: ${out}. Its first lines say what to do next.`]),
        ...(secrets.size === 0
          ? []
          : [
              `The deploy asks for: ${[...secrets.keys()].map((name) => `TF_VAR_${name}`).join(", ")}`,
            ]),
        `The deploy's plan: ${planLine(plan)}`,
        ...planReasons(plan),
        ...notes.map((note) => `Note: ${note}`),
      ]
        .map((line) => `${line}\n`)
        .join(""),
    );
    return 0;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    const { name, message } = failure;
    if (wantsStackTrace(env)) tell(`${failure.stack ?? message}\n`);
    tell(
      error instanceof ImportError
        ? `${message}\n`
        : `The import has failed by a fault of its own (${name}: ${message}). Nothing was written. Please report it, with the command.\n`,
    );
    return error instanceof ArgumentError ? 2 : 1;
  }
}

function writeOut(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    throw new ImportError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
