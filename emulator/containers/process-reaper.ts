import { type ChildProcess, spawn } from "node:child_process";

/**
 * Reads "+ group" and "- group" until its input ends, whatever the reason; then ends those
 * groups and removes the folder of their files, if there is one.
 */
const script = `
groups=" "
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
[ -z "$1" ] || rm -rf "$1"
`;

/**
 * Ends processes when the emulator is gone without having ended them: a shell whose input is a pipe
 * from the emulator, so that also the emulator's SIGKILL reaches it.
 */
export class ProcessReaper {
  readonly #directory: string | undefined;
  #shell: ChildProcess | undefined;

  /** @param directory of the processes' files, whole */
  constructor(directory?: string) {
    this.#directory = directory;
  }

  add(group: number): void {
    this.#tell(`+ ${group}\n`);
  }

  remove(group: number): void {
    this.#tell(`- ${group}\n`);
  }

  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  #tell(line: string): void {
    this.#shell ??= this.#start();
    this.#shell.stdin?.write(line);
  }

  #start(): ChildProcess {
    const shell = spawn("/bin/sh", ["-c", script, "reaper", this.#directory ?? ""], {
      // It must not hold the folder it was started in.
      cwd: "/",
      // Away from Ctrl-C, which reaches every process of the terminal's group.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: process.env.PATH },
    });
    shell.stdin?.on("error", () => {});
    shell.on("error", () => {});
    shell.unref();
    (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    return shell;
  }
}
