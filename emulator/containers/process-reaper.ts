import { type ChildProcess, spawn } from "node:child_process";

/** Reads "+ group" and "- group" until its input ends, whatever the reason; then ends those groups. */
const script = `
groups=" "
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
`;

/**
 * Ends processes when the emulator is gone without having ended them: a shell whose input is a pipe
 * from the emulator, so that also the emulator's SIGKILL reaches it.
 */
export class ProcessReaper {
  #shell: ChildProcess | undefined;

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
    const shell = spawn("/bin/sh", ["-c", script], {
      // Away from Ctrl-C, which reaches every process of the terminal's group.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: {},
    });
    shell.stdin?.on("error", () => {});
    shell.on("error", () => {});
    shell.unref();
    (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    return shell;
  }
}
