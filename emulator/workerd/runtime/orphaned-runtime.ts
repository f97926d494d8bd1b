import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** Time the system takes to end a killed process. Unit: milliseconds. */
const END_TIMEOUT_MS = 5_000;

/** Notes the runtime process, so that a later emulator finds what outlives this one. */
export async function noteRuntime(file: string, pid: number | undefined): Promise<void> {
  if (pid !== undefined) await writeFile(file, String(pid));
}

/**
 * Ends what is left of the runtime of an earlier emulator.
 *
 * It usually ends by itself. But when all processes were killed at once, workerd may still be there
 * with its storage open, and two must not write it.
 */
export async function endOrphanedRuntime(file: string): Promise<void> {
  // Windows ends the children of a process that was killed.
  if (process.platform === "win32") return;
  const group = Number(await readFile(file, "utf8").catch(() => ""));
  if (!Number.isInteger(group) || group <= 1) return;
  const end = performance.now() + END_TIMEOUT_MS;
  for (let members = await runtimesIn(group); members.length > 0; ) {
    for (const pid of members) kill(pid);
    if (performance.now() > end) {
      throw new Error(
        `workerd of an earlier emulator still has the storage open and does not end: end process ${members.join(", ")}, then try again.`,
      );
    }
    await delay(20);
    members = await runtimesIn(group);
  }
}

/** Process ids; the id of the group alone may have gone to somebody else by now. */
async function runtimesIn(group: number): Promise<number[]> {
  try {
    process.kill(-group, 0);
  } catch {
    return [];
  }
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,pgid=,stat=,command="], {
    maxBuffer: 16 << 20,
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, pgid, stat, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOurs = Number(pgid) === group && /runtime-process|workerd/.test(command ?? "");
    // A zombie has closed its files.
    return isOurs && !stat?.startsWith("Z") ? [Number(pid)] : [];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
