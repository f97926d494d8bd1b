import { mkdtempSync } from "node:fs";
import { readdir, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";

/** What folders are for. */
export type OwnedKind = "containers" | "emulator";

/** A temporary folder of this process, named after it, so that a later one can tell whose it was. */
export const makeOwnedDirectory = (kind: OwnedKind): string =>
  mkdtempSync(join(tmpdir(), `ai-gateway-${kind}-${process.pid}-`));

/**
 * Removes the folders of processes that are gone without having done so, with what still runs from
 * them.
 */
export async function sweepOwnedDirectories(kind: OwnedKind): Promise<void> {
  const ours = new RegExp(`^ai-gateway-${kind}-(\\d+)-\\w+$`);
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, pid] = ours.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const directory = join(tmpdir(), name);
    for (const left of await processesIn(directory)) kill(left);
    // Fails for another person's.
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

/** Processes whose working directory is below a folder. Only Linux says so without a helper program. */
async function processesIn(directory: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const place = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      return place.startsWith(directory + sep) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
