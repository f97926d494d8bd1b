import { constants } from "node:os";
import { resolve } from "node:path";
import { unenforcedFrom } from "../emulator/cli/arguments.js";
import { onTermination } from "../emulator/cli/child-process.js";
import { requireTerraform } from "../emulator/cli/require-terraform.js";
import { runMain } from "../emulator/cli/run-main.js";
import { readUpstreams } from "../emulator/cli/upstreams-from-environment.js";
import { startEmulator } from "../emulator/emulator.js";
import type { Emulator } from "../emulator/emulator-options.js";
import { commandEnvironment } from "../emulator/environment.js";
import { parseStartArguments, type StartArguments, usage } from "./start/arguments.js";
import { ask, type Call, isHit, WorkerUnreachableError } from "./start/ask.js";
import { DeployFailedError, type Outputs, startDeployment } from "./start/deploy.js";
import { renderNextSteps } from "./start/next-steps.js";
import { tellWhileWaiting } from "./start/tell-while-waiting.js";

const PROMPT = "What is an AI gateway good for?";

/** Ctrl-C while something was still under way. */
class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const args = parseStartArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(usage);
    return 0;
  }
  return run(args);
}

async function run(args: StartArguments): Promise<number> {
  const interruption = new AbortController();
  onTermination((signal) => interruption.abort(new InterruptedError(signal)));
  const interrupted = new Promise<never>((_, reject) => {
    interruption.signal.addEventListener("abort", () => reject(interruption.signal.reason));
  });
  // Whoever races against it handles it; when nobody does any more it is no failure.
  interrupted.catch(() => {});

  say("[1/4] Looking for Terraform");
  await requireTerraform();

  say("[2/4] Starting the emulator");
  const emulator = await startEmulator({
    port: args.port,
    orAnyFreePort: args.once && !args.portAsked,
    lastPortFirst: !args.portAsked,
    stateDirectory: resolve(".emulator"),
    warmUp: true,
    ...readUpstreams(process.env),
    unenforced: unenforcedFrom(process.env),
    log: (line) => say(`      ${line}`),
  });
  try {
    return await deployAndProve(args, emulator, interrupted);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    say("Stopped.");
    return 128 + (constants.signals[error.message as NodeJS.Signals] ?? 0);
  } finally {
    await emulator.close();
  }
}

async function deployAndProve(
  args: StartArguments,
  emulator: Emulator,
  interrupted: Promise<never>,
): Promise<number> {
  say("[3/4] cdktf deploy");
  const outputs = await deploy(emulator, interrupted);
  say(`      url        ${outputs.url}`);
  say(`      gatewayId  ${outputs.gatewayId}`);

  say(`[4/4] The same prompt twice, POST ${new URL("/ai", outputs.url)}`);
  const calls: Call[] = [];
  for (const _ of [1, 2]) {
    const { body, ...call } = await tellWhileWaiting(
      "the model",
      Promise.race([ask(outputs.url, PROMPT), interrupted]),
      (line) => say(`      ${line}`),
    );
    calls.push(call);
    say(`      ${call.status}  ${(call.cacheStatus ?? "-").padEnd(4)}  ${call.ms} ms`);
    if (call.status !== 200) say(`      ${body.slice(0, 1_000)}`);
  }

  const proven = isHit(calls[1]);
  if (!proven) say("The second call was not a cache hit.");
  if (!args.once) say(renderNextSteps(outputs, emulator));
  if (args.json) say(JSON.stringify({ ...outputs, calls }));
  if (!args.once) {
    await interrupted.catch(() => {});
    say("Stopped. The account is kept in .emulator/ for the next run.");
  }
  return proven ? 0 : 1;
}

async function deploy(emulator: Emulator, interrupted: Promise<never>): Promise<Outputs> {
  const deployment = startDeployment(
    commandEnvironment(process.env, emulator, "embedded"),
    (line) => say(`      ${line}`),
  );
  try {
    return await Promise.race([deployment.outputs, interrupted]);
  } catch (error) {
    deployment.stop();
    // Terraform saves what it has done before it ends; the emulator must be there until then.
    await deployment.outputs.catch(() => {});
    throw error;
  }
}

void runMain(main, {
  alsoExpected: [DeployFailedError, WorkerUnreachableError],
  // Who reads the last line as JSON gets some, also of arguments that are not understood.
  tell: process.argv.includes("--json") ? (error) => say(JSON.stringify({ error })) : undefined,
});
