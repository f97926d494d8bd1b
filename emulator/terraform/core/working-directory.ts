import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Where relative paths of a configuration begin.
 *
 * A provider is normally a child of Terraform and shares its directory; one that Terraform joins by
 * reattach lives elsewhere, and the protocol does not tell. So the Terraform processes that carry
 * this server's address in their environment are looked up, and the first of their directories that
 * has the file is taken. Paths that hold a hash of their content (as CDKTF's assets do) cannot be
 * mistaken for one another.
 */
export class WorkingDirectory {
  readonly #address: string;
  readonly #roots: readonly string[];
  #candidates: Promise<readonly string[]> | undefined;

  /**
   * @param address - What a joining process has in its TF_REATTACH_PROVIDERS.
   * @param roots - Tried after the directories found, in order, each with the stacks CDKTF put
   * below it.
   */
  constructor(address: string, roots: readonly string[]) {
    this.#address = address;
    this.#roots = roots;
  }

  /**
   * The absolute path of a file or folder of the configuration.
   * @param accept - Picks among several that exist, such as by content; the first existing one is
   * taken when it accepts none.
   */
  async find(
    path: string,
    accept?: (path: string) => Promise<boolean>,
  ): Promise<{ readonly path: string; readonly tried: readonly string[] }> {
    if (path.startsWith("~/")) path = join(homedir(), path.slice(2));
    if (isAbsolute(path)) return { path, tried: [path] };
    const tried = (await this.#directories()).map((directory) => resolve(directory, path));
    const existing = tried.filter((candidate) => existsSync(candidate));
    if (accept) {
      for (const candidate of existing) {
        if (await accept(candidate)) return { path: candidate, tried };
      }
    }
    return { path: existing[0] ?? tried[0] ?? resolve(path), tried };
  }

  #directories(): Promise<readonly string[]> {
    this.#candidates ??= this.#discover().then(async (found) => {
      const stacks = await Promise.all(this.#roots.map(stacksBelow));
      return [...new Set([...found, ...this.#roots, ...stacks.flat()])];
    });
    return this.#candidates;
  }

  async #discover(): Promise<readonly string[]> {
    try {
      if (process.platform === "linux") return await fromProc(this.#address);
      if (process.platform === "darwin") return await fromPs(this.#address);
    } catch {
      // Another user's processes, a restricted machine: the roots remain.
    }
    return [];
  }
}

async function stacksBelow(root: string): Promise<string[]> {
  const folder = join(root, "cdktf.out", "stacks");
  return existsSync(folder) ? (await readdir(folder)).map((stack) => join(folder, stack)) : [];
}

/** Terraform itself before whoever started it, the youngest first. */
function ranked(found: { pid: number; command: string; directory: string }[]): string[] {
  const rank = ({ command }: { command: string }) =>
    /^(terraform|tofu|opentofu)/.test(basename(command)) ? 0 : 1;
  return found.sort((a, b) => rank(a) - rank(b) || b.pid - a.pid).map((each) => each.directory);
}

async function fromProc(address: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const environment = await readFile(`/proc/${pid}/environ`);
        if (!environment.includes(address)) return [];
        const command = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
        return [{ pid: Number(pid), command, directory: await readlink(`/proc/${pid}/cwd`) }];
      } catch {
        return []; // Ended meanwhile, or not ours to read.
      }
    }),
  );
  return ranked(found.flat());
}

async function fromPs(address: string): Promise<string[]> {
  const { stdout } = await run("ps", ["-axwwE", "-o", "pid=,comm=,command="], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const processes = stdout
    .split("\n")
    .filter((line) => line.includes(address))
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(\S+)/.exec(line);
      return match ? [{ pid: Number(match[1]), command: match[2] ?? "" }] : [];
    });
  const found = await Promise.all(
    processes.map(async ({ pid, command }) => {
      const { stdout: files } = await run("lsof", ["-a", "-d", "cwd", "-Fn", "-p", String(pid)]);
      const directory = /^n(.*)$/m.exec(files)?.[1];
      return directory ? [{ pid, command, directory }] : [];
    }),
  );
  return ranked(found.flat());
}
