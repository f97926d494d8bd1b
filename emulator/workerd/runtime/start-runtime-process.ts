import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What workerd and Node need of the environment; keys and tokens stay behind. */
const passedVariables = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "LANG",
  "LD_LIBRARY_PATH",
  "SystemRoot",
  "SystemDrive",
  "ComSpec",
  "APPDATA",
  "LOCALAPPDATA",
  "MINIFLARE_WORKERD_PATH",
  "WORKERD_BINARY_PATH",
] as const;

/** @param directory takes the process's temporary files */
export function startRuntimeProcess(directory: string): ChildProcess {
  const { file, execArgv } = runtimeCommand();
  const env: NodeJS.ProcessEnv = {
    TMPDIR: directory,
    TEMP: directory,
    TMP: directory,
    NO_COLOR: "1",
  };
  for (const name of passedVariables) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return fork(file, {
    execArgv,
    env,
    // Modules travel as bytes.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // A group of its own: Ctrl-C reaches the emulator alone, which then ends things in order; and
    // workerd can be ended together with this process when this process was killed.
    detached: process.platform !== "win32",
  });
}

/** Ends the process and what it started, now. */
export function killRuntimeProcess(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody of the group is left.
  }
}

/** Beside this file lies the source, or, in the published emulator, the bundle of it. */
function runtimeCommand(): { file: string; execArgv: string[] } {
  const source = join(__dirname, "runtime-process.ts");
  return existsSync(source)
    ? { file: source, execArgv: ["--require", require.resolve("tsx/cjs")] }
    : { file: join(__dirname, "runtime-process.js"), execArgv: [] };
}
