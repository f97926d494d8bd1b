import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Workbench } from "./workbench.js";

const STOPPED_MS = 10;

/** Before the call is carried out, or right after it and before its answer. */
export type Moment = "before" | "after";

/**
 * Applies or destroys, and kills Terraform with all its providers at the nth call of the API. Nothing that was under
 * way then is carried out any more.
 *
 * @returns the call it was killed at; none when it ended before
 */
export async function killAt(
  bench: Workbench,
  command: "apply" | "destroy",
  nth: number,
  moment: Moment,
): Promise<string | undefined> {
  const { faults } = bench.emulator;
  let killedAt: string | undefined;
  const stateBefore = await bench.readState().catch(() => "");
  // A group of its own: the providers are killed with it, as by a machine that loses its power.
  const child = spawn("terraform", [command, "-auto-approve", "-no-color"], {
    cwd: bench.stackDirectory,
    env: bench.environment() as NodeJS.ProcessEnv,
    stdio: "ignore",
    detached: true,
  });
  faults.record();
  faults.onStrike(async ({ method, path }) => {
    if (killedAt !== undefined) return;
    killedAt = `${method} ${path}`;
    await killGroup(child, bench, stateBefore === "");
  });
  if (moment === "before") faults.add({ from: nth, answer: "cut" });
  else faults.add({ nth, answer: "lost" }, { from: nth + 1, answer: "cut" });
  await exitOf(child);
  faults.clear();
  faults.onStrike(undefined);
  return killedAt;
}

async function killGroup(child: ChildProcess, bench: Workbench, isFirst: boolean): Promise<void> {
  const group = -(child.pid as number);
  // Terraform empties the file of a local state before it writes it: a kill in between is a lost state.
  for (;;) {
    process.kill(group, "SIGSTOP");
    // Threads that run on other processors stop a moment later: one of them may be about to empty the file.
    await setTimeout(STOPPED_MS);
    if (await isWhole(bench, isFirst)) break;
    process.kill(group, "SIGCONT");
    await setImmediate();
  }
  process.kill(group, "SIGKILL");
  await exitOf(child);
}

/** Whether nothing or all of the state is in its file; before anything was made, Terraform has an empty one. */
async function isWhole(bench: Workbench, isFirst: boolean): Promise<boolean> {
  const text = await bench.readState().catch(() => "");
  if (text === "")
    return isFirst && bench.emulator.faults.calls.every(({ method }) => method === "GET");
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
