import { execFileSync } from "node:child_process";

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function list(): Row[] {
  const table = execFileSync("ps", ["-axo", "pid=,ppid=,stat=,command="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [, pid, parent, stat, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A zombie has ended; only its parent has not looked yet.
    if (command === undefined || stat?.startsWith("Z")) return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The processes below one, however deep. */
export function descendantsOf(pid: number): Row[] {
  const rows = list();
  const found: Row[] = [];
  for (let parents = [pid]; parents.length > 0; ) {
    const children = rows.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map((child) => child.pid);
  }
  return found.filter(({ command }) => !command.startsWith("ps "));
}

/** The processes a Worker host of this process has started. */
export const hostProcesses = (pid = process.pid): Row[] =>
  descendantsOf(pid).filter(({ command }) => /runtime-process|workerd/.test(command));

export const isAlive = (pid: number): boolean => list().some((row) => row.pid === pid);

/** Kills every workerd of this process, or with `around` also the process around it; resolves when they are gone. */
export async function killWorkerd({ around = false } = {}): Promise<void> {
  const victims = hostProcesses()
    .filter(({ command }) => around || / serve /.test(command))
    .map(({ pid }) => pid);
  for (const pid of victims) process.kill(pid, "SIGKILL");
  while (victims.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
}
