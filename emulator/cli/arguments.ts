import { resolve } from "node:path";
import type { FaultRule } from "../control-plane/faults/fault-rule.js";
import { parseFaultRules } from "../control-plane/faults/parse-fault-rules.js";
import { type UnenforcedMode, unenforcedModes } from "../data-plane/steps/enforce.js";
import { EmulatorError } from "../emulator-error.js";
import { type ProviderMode, providerModes } from "../environment.js";
import { programName } from "../program-name.js";

/** The port of the API and the gateways where the caller names none. */
export const DEFAULT_PORT = 8799;

export interface Arguments {
  readonly help: boolean;
  readonly port: number;
  /** Whether the caller chose the port. */
  readonly portAsked: boolean;
  /** The port that the command line names, and not only the environment. */
  readonly portOption: number | undefined;
  readonly stateDirectory: string;
  readonly providers: ProviderMode;
  /** Calls of the API that fail. */
  readonly faults: readonly FaultRule[];
  /** Whether the command line has some, and not only the environment. */
  readonly faultsAsked: boolean;
  readonly unenforced: UnenforcedMode;
  /** Whether the command line says it, and not only the environment. */
  readonly unenforcedAsked: boolean;
  /** The command to run and its arguments; empty: stay up. */
  readonly command: readonly string[];
}

/** A command line that cannot be carried out; the message says what is allowed. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

export const usage = (
  env?: Readonly<Record<string, string | undefined>>,
): string => `Runs a command against an emulated Cloudflare account, or stays up for other terminals.

  ${programName("[options] [command …]", env)}

  ${programName("cdktf deploy --auto-approve", env)}
  ${programName("cdktf diff", env)}
  ${programName("terraform -chdir=cdktf.out/stacks/ai-gateway plan", env)}
  ${programName("", env).padEnd(50)}stays up and prints what to export

Options, before the command:
  --port N              port of the API and the gateways (default that of the last run on this state, or
                        ${DEFAULT_PORT}, or for a command any free one when they are taken; 0 takes any free one)
  --state DIR           where the emulated account is kept (default .emulator)
  --providers MODE      embedded   Terraform talks to this process, no registry needed (default)
                        installed  Terraform finds the real providers by itself
  --fault RULE          calls of the API that fail, as JSON such as {"every": 3, "answer": 503};
                        may be given several times
  --unenforced MODE     requests at a gateway with guardrails, DLP, spend limits, byok_only or policies,
                        or that need a key it has, which are not emulated: refuse (501, default) or pass
  --help                this text

An emulator that is already up on the same state is used, and options that are for another one are refused;
otherwise one is started for the command and stopped after it. The exit code is the command's.

Environment:
  AI_GATEWAY_EMULATOR_PORT      like --port
  AI_GATEWAY_EMULATOR_LATENCY   milliseconds a scripted answer takes (default 1000)
  AI_GATEWAY_EMULATOR_FAULTS    like --fault: one rule, or an array of rules
  AI_GATEWAY_EMULATOR_UNENFORCED  like --unenforced
  WORKERS_AI_BASE_URL           OpenAI-compatible server that answers for workers-ai,
                                such as http://127.0.0.1:11434/v1
  WORKERS_AI_MODEL              its name of the model that answers, such as llama3.1
                                (default: Workers AI's own names are sent)
  WORKERS_AI_API_KEY            its key, when it wants one
  AI_GATEWAY_STACK_TRACE        1 shows a failure with its stack
`;

/** Options end at the first word that is not one: the rest is the command, untouched. */
export function parseArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Arguments {
  let help = false;
  let portOption: number | undefined;
  let stateDirectory = ".emulator";
  let providers: ProviderMode = "embedded";
  const faults: FaultRule[] = [];
  let unenforced = unenforcedFrom(env);
  let unenforcedAsked = false;
  let index = 0;

  for (; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === "--") {
      index++;
      break;
    }
    if (!word.startsWith("-")) break;
    const [name, inline] = splitOption(word);
    const value = () => {
      const given = inline ?? argv[++index];
      if (given === undefined || given === "") throw new ArgumentError(`${name} needs a value.`);
      return given;
    };
    switch (name) {
      case "--help":
      case "-h":
        help = true;
        break;
      case "--port":
        portOption = parsePort(value(), name);
        break;
      case "--state":
        stateDirectory = value();
        break;
      case "--providers":
        providers = parseProviders(value());
        break;
      case "--fault":
        faults.push(...parseFaults(value(), name));
        break;
      case "--unenforced":
        unenforced = parseUnenforced(value(), name);
        unenforcedAsked = true;
        break;
      default:
        throw new ArgumentError(
          `Unknown option ${name}. Allowed before the command: --port, --state, --providers, --fault, --unenforced, --help.`,
        );
    }
  }
  const port = portOption ?? portFrom(env);
  return {
    help,
    port: port ?? DEFAULT_PORT,
    portAsked: port !== undefined,
    portOption,
    stateDirectory: resolve(stateDirectory),
    providers,
    faults: [...faultsFrom(env), ...faults],
    faultsAsked: faults.length > 0,
    unenforced,
    unenforcedAsked,
    command: argv.slice(index),
  };
}

function splitOption(word: string): [name: string, value: string | undefined] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** The port the environment asks for. @throws {ArgumentError} */
export const portFrom = (env: Readonly<Record<string, string | undefined>>): number | undefined =>
  env.AI_GATEWAY_EMULATOR_PORT
    ? parsePort(env.AI_GATEWAY_EMULATOR_PORT, "AI_GATEWAY_EMULATOR_PORT")
    : undefined;

/** The faults the environment asks for. @throws {ArgumentError} */
const faultsFrom = (env: Readonly<Record<string, string | undefined>>): readonly FaultRule[] =>
  env.AI_GATEWAY_EMULATOR_FAULTS
    ? parseFaults(env.AI_GATEWAY_EMULATOR_FAULTS, "AI_GATEWAY_EMULATOR_FAULTS")
    : [];

function parseFaults(text: string, name: string): readonly FaultRule[] {
  try {
    return parseFaultRules(text, name);
  } catch (error) {
    if (error instanceof EmulatorError) throw new ArgumentError(error.message);
    throw error;
  }
}

/** What the environment says of settings that are not emulated. @throws {ArgumentError} */
export const unenforcedFrom = (
  env: Readonly<Record<string, string | undefined>>,
): UnenforcedMode =>
  env.AI_GATEWAY_EMULATOR_UNENFORCED
    ? parseUnenforced(env.AI_GATEWAY_EMULATOR_UNENFORCED, "AI_GATEWAY_EMULATOR_UNENFORCED")
    : "refuse";

function parseUnenforced(text: string, name: string): UnenforcedMode {
  const mode = unenforcedModes.find((known) => known === text);
  if (!mode) {
    throw new ArgumentError(`${name}: got "${text}", allowed is ${unenforcedModes.join(" or ")}.`);
  }
  return mode;
}

export function parsePort(text: string, name: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new ArgumentError(`${name}: got "${text}", allowed is a port from 0 to 65535.`);
  }
  return port;
}

function parseProviders(text: string): ProviderMode {
  const mode = providerModes.find((known) => known === text);
  if (!mode) {
    throw new ArgumentError(
      `--providers: got "${text}", allowed is ${providerModes.join(" or ")}.`,
    );
  }
  return mode;
}
