import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Processes that belong to a folder: those that work in it, or were started with its name or a
 * variable that holds it. Where there is no /proc, only command lines are looked at.
 */
export async function processesOf(directory: string): Promise<string[]> {
  if (process.platform !== "linux") return processesByCommandLine(directory);
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const read = (name: string) => readFile(join("/proc", pid, name), "latin1").catch(() => "");
    const facts = [
      await readlink(join("/proc", pid, "cwd")).catch(() => ""),
      await read("cmdline"),
      await read("environ"),
    ];
    // A process that ended and was not yet collected has no command line.
    if (facts[1] && facts.some((fact) => fact.includes(directory))) {
      found.push(`${pid} ${facts[1]?.replaceAll("\0", " ")}`);
    }
  }
  return found;
}

function processesByCommandLine(directory: string): Promise<string[]> {
  return new Promise((resolve) => {
    execFile("ps", ["-eo", "pid,args"], (_, stdout) => {
      resolve(stdout.split("\n").filter((line) => line.includes(directory)));
    });
  });
}
