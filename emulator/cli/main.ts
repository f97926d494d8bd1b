#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../emulator.js";
import { StateInUseError } from "../emulator-error.js";
import type { Emulator } from "../emulator-options.js";
import { commandEnvironment, type EmulatorFacts } from "../environment.js";
import { programName } from "../program-name.js";
import { shownPath } from "../shown-path.js";
import { readRunningEmulator } from "../state/running-emulator.js";
import { type Arguments, parseArguments, usage } from "./arguments.js";
import { onTermination, startChild } from "./child-process.js";
import { refuseStartOptions } from "./refuse-start-options.js";
import { renderExports } from "./render-exports.js";
import { requireTerraform } from "./require-terraform.js";
import { runMain } from "./run-main.js";
import { readUpstreams } from "./upstreams-from-environment.js";

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(usage());
    return 0;
  }
  if (needsTerraform(args.command)) await requireTerraform();

  if (args.command.length === 0) {
    const emulator = await start(args, true);
    try {
      return await stayUp(args, emulator);
    } finally {
      await emulator.close();
    }
  }

  const emulator = await findOrStart(args);
  if (!("close" in emulator)) return runCommand(args, emulator);
  try {
    const code = await runCommand(args, emulator);
    if (code === 0 && args.command.some((word) => word === "deploy" || word === "apply")) {
      tell(`The emulator ends with the command. Workers answer while it is up: ${programName()}`);
    }
    return code;
  } finally {
    await emulator.close();
  }
}

const tell = (line: string) => process.stderr.write(`${line}\n`);

function start(args: Arguments, announce: boolean): Promise<Emulator> {
  return startEmulator({
    port: args.port,
    // Whoever stays up is expected at its port; a command is told where its emulator is.
    orAnyFreePort: args.command.length > 0 && !args.portAsked,
    // What an earlier command has synthesized, and what it has deployed, names the port of that time.
    lastPortFirst: !args.portAsked,
    stateDirectory: args.stateDirectory,
    announce,
    faults: args.faults,
    unenforced: args.unenforced,
    ...readUpstreams(process.env),
    log: tell,
  });
}

/** The emulator that is up, or one for this command; after the one of another command has ended. */
async function findOrStart(args: Arguments): Promise<Emulator | EmulatorFacts> {
  for (let waited = false; ; waited = true) {
    const running = await readRunningEmulator(args.stateDirectory);
    if (running) {
      refuseStartOptions(args, running);
      return running;
    }
    try {
      return await start(args, false);
    } catch (error) {
      if (!(error instanceof StateInUseError)) throw error;
      if (!waited) tell("Another command is using the emulator; waiting until it has ended.");
      await sleep(200);
    }
  }
}

/** Only the first word is looked at: a script that calls Terraform gets Terraform's own message. */
function needsTerraform([command = ""]: readonly string[]): boolean {
  return /(^|[\\/])(cdktf|terraform)(\.\w+)?$/.test(command);
}

/** `cdktf …` and `npx cdktf …`; what calls Terraform itself may pipe an answer to it. */
const runsCdktf = (command: readonly string[]): boolean =>
  command.slice(0, 2).some((word) => /(^|[\\/])cdktf(\.\w+)?$/.test(word));

async function runCommand(args: Arguments, facts: EmulatorFacts): Promise<number> {
  const child = startChild(args.command, {
    env: {
      // cdktf hands no answer on, not even what is typed: Terraform would wait for a missing variable for ever.
      ...(runsCdktf(args.command) ? { TF_INPUT: "0" } : {}),
      ...commandEnvironment(process.env, facts, args.providers),
    },
  });
  const unwatch = onTermination((signal) => {
    // The terminal has told the child too; asking twice would make Terraform drop everything.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.stop();
  });
  try {
    return await child.exit;
  } finally {
    unwatch();
  }
}

async function stayUp(args: Arguments, emulator: Emulator): Promise<number> {
  process.stdout.write(renderExports(emulator, args.providers));
  await new Promise<void>((resolve) => {
    onTermination(() => resolve());
  });
  const folder = shownPath(args.stateDirectory);
  process.stdout.write(`Stopped. The account is kept in ${folder} for the next run.\n`);
  return 0;
}

void runMain(main);
