import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { ProcessReaper } from "../containers/process-reaper.js";

export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with each line of stdout and stderr; without it the child shares our terminal. */
  readonly onLine?: (line: string) => void;
}

export interface RunningChild {
  /** Exit code as a shell reports it: 128 + signal number for a child that a signal ended. */
  readonly exit: Promise<number>;
  /** Asks the child, and what it started, to end; ends them by force after a grace period. */
  stop(): void;
}

/** The command is not on PATH. */
export class CommandNotFoundError extends Error {
  override readonly name = "CommandNotFoundError";
}

const GRACE_MS = 10_000;

/**
 * Starts a command so that it can be ended whole.
 *
 * A child that does not share our terminal gets a process group of its own: cdktf starts Terraform,
 * Terraform starts providers, and a signal to cdktf alone would leave them behind. With a terminal
 * the group must stay the terminal's, or questions such as "Approve?" could not be answered; there
 * Ctrl-C reaches everyone by itself. A group of its own ends also when this process is killed: cdktf
 * would else wait for an answer that nobody is there to give.
 */
export function startChild(command: readonly string[], options: ChildOptions): RunningChild {
  const [file = "", ...args] = command;
  const windows = process.platform === "win32";
  const ownGroup = !windows && (options.onLine !== undefined || !process.stdin.isTTY);
  const child = spawn(file, args, {
    env: options.env,
    stdio: options.onLine ? ["ignore", "pipe", "pipe"] : "inherit",
    detached: ownGroup,
    // cdktf and terraform are .cmd files there, which only a shell starts.
    shell: windows,
  });
  const reaper = ownGroup ? new ProcessReaper() : undefined;
  if (child.pid !== undefined) reaper?.add(child.pid);
  if (options.onLine) readLines(child, options.onLine);

  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      if (ownGroup) process.kill(-child.pid, name);
      else child.kill(name);
    } catch {
      // Already gone, which is what was wanted.
    }
  };

  let forced: NodeJS.Timeout | undefined;
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new CommandNotFoundError(`${file}: command not found. Is it installed and on PATH?`)
          : error,
      );
    });
    child.once("close", (code, by) => {
      clearTimeout(forced);
      // The leader is gone; whoever is left of its group has nobody to report to.
      if (ownGroup) signal("SIGKILL");
      if (child.pid !== undefined) reaper?.remove(child.pid);
      reaper?.close();
      resolve(code ?? 128 + (by ? constants.signals[by] : 0));
    });
  });

  return {
    exit,
    stop() {
      signal("SIGTERM");
      forced ??= setTimeout(() => signal("SIGKILL"), GRACE_MS);
    },
  };
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onLine);
  }
}

/**
 * Runs `onSignal` for Ctrl-C, a closed terminal and a polite kill.
 * @returns a function that ends the watch.
 */
export function onTermination(onSignal: (signal: NodeJS.Signals) => void): () => void {
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, onSignal);
  // npm passes a signal to its shell, and some shells do not pass it on: then the parent is gone.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (!process.env.npm_lifecycle_event || process.ppid === parent) return;
    // Once: a second signal would make Terraform drop what it is doing.
    clearInterval(watch);
    onSignal("SIGTERM");
  }, 250).unref();
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, onSignal);
  };
}
