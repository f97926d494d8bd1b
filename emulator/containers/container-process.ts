import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { ImageConfig } from "./dockerfile.js";
import { layOutImage } from "./image-files.js";
import type { ProcessReaper } from "./process-reaper.js";

export interface ContainerProcessOptions {
  readonly image: ImageConfig;
  /** Folder of the Dockerfile. */
  readonly directory: string;
  /** Takes the container's files; removed with it. */
  readonly root: string;
  /** Replaces the image's entrypoint and command. */
  readonly entrypoint?: readonly string[];
  /** On top of the image's. */
  readonly env: ReadonlyMap<string, string>;
  readonly reaper: ProcessReaper;
  /** One line of output. */
  readonly log: (line: string) => void;
}

/** The exit code a shell gives a command that is not there. */
const NOT_FOUND = 127;

/** A "container" that is a process of this machine, in a group of its own. */
export class ContainerProcess {
  /** Resolves with the exit code when the process and its group are gone. */
  readonly exited: Promise<number>;
  readonly #options: ContainerProcessOptions;
  readonly #exit: (code: number) => void;
  #child: ChildProcess | undefined;
  #running = false;

  constructor(options: ContainerProcessOptions) {
    this.#options = options;
    let exit: (code: number) => void = () => {};
    this.exited = new Promise((resolve) => {
      exit = resolve;
    });
    this.#exit = exit;
  }

  get running(): boolean {
    return this.#running;
  }

  async start(): Promise<void> {
    const { image, directory, root, entrypoint, log, reaper } = this.#options;
    await layOutImage(image, directory, root);
    const temporary = join(root, "tmp");
    await mkdir(temporary, { recursive: true });
    const [program = "", ...args] = (entrypoint ?? [...image.entrypoint, ...image.command]).map(
      (word) => this.#onThisMachine(word),
    );
    const child = spawn(program, args, {
      cwd: join(root, image.workingDirectory),
      // Nothing else of this process's environment: it has keys and tokens.
      env: {
        PATH: [process.env.PATH, dirname(process.execPath)].filter(Boolean).join(":"),
        HOME: root,
        TMPDIR: temporary,
        ...Object.fromEntries(image.env),
        ...Object.fromEntries(this.#options.env),
      },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#running = true;
    if (child.pid !== undefined) reaper.add(child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", log);
    }
    child.once("error", (error) => {
      log(`cannot be started as ${program}: ${error.message}`);
      void this.#end(NOT_FOUND);
    });
    child.once("exit", (code, signal) => void this.#end(code ?? 128 + signalNumber(signal)));
  }

  /** Sends a signal to the process and what it started. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined || !this.#running) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  }

  /** Ends the process and what it started, and removes its files. */
  async remove(): Promise<void> {
    this.signal("SIGKILL");
    if (this.#running) await this.exited;
    await rm(this.#options.root, { recursive: true, force: true, maxRetries: 3 });
  }

  async #end(code: number): Promise<void> {
    if (!this.#running) return;
    // A container ends with its first process; so do the others of the group.
    this.signal("SIGKILL");
    this.#running = false;
    const pid = this.#child?.pid;
    if (pid !== undefined) this.#options.reaper.remove(pid);
    this.#exit(code);
  }

  /** A path inside the image that COPY made is below the container's root here. */
  #onThisMachine(word: string): string {
    const inside = join(this.#options.root, word);
    return word.startsWith("/") && existsSync(inside) ? inside : word;
  }
}

const signalNumber = (signal: NodeJS.Signals | null): number =>
  signal === "SIGKILL" ? 9 : signal === "SIGTERM" ? 15 : signal === "SIGINT" ? 2 : 0;
