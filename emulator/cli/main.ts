#!/usr/bin/env node
import { type Emulator, startEmulator } from "../emulator.js";
import { commandEnvironment, type EmulatorFacts } from "../environment.js";
import { readRunningEmulator } from "../state/running-emulator.js";
import { type Arguments, parseArguments, usage } from "./arguments.js";
import { onTermination, startChild } from "./child-process.js";
import { renderExports } from "./render-exports.js";
import { requireTerraform } from "./require-terraform.js";
import { runMain } from "./run-main.js";
import { readUpstreams } from "./upstreams-from-environment.js";

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (needsTerraform(args.command)) await requireTerraform();

  const running = await readRunningEmulator(args.stateDirectory);
  if (running && args.command.length > 0) return runCommand(args, running);

  const emulator = await startEmulator({
    port: args.port,
    stateDirectory: args.stateDirectory,
    ...readUpstreams(process.env),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return args.command.length > 0
      ? await runCommand(args, emulator)
      : await stayUp(args, emulator);
  } finally {
    await emulator.close();
  }
}

/** Only the first word is looked at: a script that calls Terraform gets Terraform's own message. */
function needsTerraform([command = ""]: readonly string[]): boolean {
  return /(^|[\\/])(cdktf|terraform)(\.\w+)?$/.test(command);
}

async function runCommand(args: Arguments, facts: EmulatorFacts): Promise<number> {
  const child = startChild(args.command, {
    env: commandEnvironment(process.env, facts, args.providers),
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
  return 0;
}

void runMain(main);
