import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { ScriptKey } from "../script-key.js";
import type { UploadedScript } from "../uploaded-script.js";
import type {
  RuntimeLogLine,
  RuntimeReport,
  RuntimeRequest,
  RuntimeSettings,
  ScheduledOutcome,
  StartReport,
  StorageKind,
} from "./messages.js";
import { endOrphanedRuntime, noteRuntime } from "./orphaned-runtime.js";
import { killRuntimeProcess, startRuntimeProcess } from "./start-runtime-process.js";

/** Time to end in order before the process is killed. Unit: milliseconds. */
const CLOSE_TIMEOUT_MS = 3_000;

export interface RuntimeClientOptions {
  readonly settings: RuntimeSettings;
  onLog(line: RuntimeLogLine): void;
  /** A running generation ended although nobody stopped it. */
  onDeath(generation: number): void;
}

/** The emulator's side of the runtime process; starts it when it is first needed. */
export class RuntimeClient {
  readonly #options: RuntimeClientOptions;
  readonly #starting = new Map<number, (report: StartReport) => void>();
  readonly #running = new Set<number>();
  readonly #stopping = new Map<number, () => void>();
  readonly #scheduled = new Map<number, (outcome: ScheduledOutcome) => void>();
  #calls = 0;
  #child: ChildProcess | undefined;
  #exit: Promise<void> = Promise.resolve();
  #launch: Promise<ChildProcess> | undefined;
  #closed = false;

  constructor(options: RuntimeClientOptions) {
    this.#options = options;
  }

  /** Loads the process, so that the first start waits less. */
  async warmUp(): Promise<void> {
    await this.#ensure();
  }

  async start(
    generation: number,
    scripts: readonly UploadedScript[],
    storage: StorageKind,
  ): Promise<StartReport> {
    const child = await this.#ensure();
    const report = new Promise<StartReport>((resolve) => {
      this.#starting.set(generation, resolve);
    });
    send(child, { type: "start", generation, scripts, storage });
    return await report;
  }

  /** Resolves when its workerd has ended. */
  async stop(generation: number): Promise<void> {
    this.#running.delete(generation);
    if (this.#child === undefined) return;
    const before = this.#stopping.get(generation);
    const stopped = new Promise<void>((resolve) => {
      this.#stopping.set(generation, () => {
        before?.();
        resolve();
      });
    });
    send(this.#child, { type: "stop", generation });
    await stopped;
  }

  /** Calls the `scheduled` handler of a script. */
  async runScheduled(
    generation: number,
    key: ScriptKey,
    event: { readonly cron: string; readonly scheduledTime: number },
  ): Promise<ScheduledOutcome> {
    if (this.#child === undefined) return "failed";
    this.#calls += 1;
    const call = this.#calls;
    const outcome = new Promise<ScheduledOutcome>((resolve) => this.#scheduled.set(call, resolve));
    send(this.#child, { type: "scheduled", call, generation, key, ...event });
    return await outcome;
  }

  /** Ends the process, workerd and every file they made. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#running.clear();
    await this.#launch?.catch(() => {});
    const child = this.#child;
    if (child !== undefined) {
      if (child.connected) child.disconnect();
      const ended = await Promise.race([
        this.#exit.then(() => true),
        delay(CLOSE_TIMEOUT_MS, false, { ref: false }),
      ]);
      if (!ended) killRuntimeProcess(child);
      await this.#exit;
    }
    await rm(`${this.#options.settings.directory}.pid`, { force: true });
    await rm(this.#options.settings.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #ensure(): Promise<ChildProcess> {
    this.#launch ??= this.#spawn().catch((error: unknown) => {
      // The next deploy may find what this one missed, such as room on the disk.
      this.#launch = undefined;
      throw error;
    });
    return this.#launch;
  }

  async #spawn(): Promise<ChildProcess> {
    const { directory } = this.#options.settings;
    const note = `${directory}.pid`;
    await endOrphanedRuntime(note);
    // What a killed emulator left behind.
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    if (this.#closed) throw new Error("The Worker host is closed.");
    const child = startRuntimeProcess(directory);
    this.#child = child;
    const lastWords: string[] = [];
    const { stderr } = child;
    const silence = new Promise((resolve) => stderr?.once("close", resolve));
    if (stderr !== null) {
      createInterface({ input: stderr }).on("line", (line) => {
        lastWords.push(line);
        if (lastWords.length > 20) lastWords.shift();
      });
    }
    child.on("message", (report: RuntimeReport) => this.#onReport(report));
    child.on("error", (error) => lastWords.push(error.message));
    // "close" would not come: Node keeps it back when it was this side that disconnected.
    const exited = once(child, "exit").catch(() => {});
    this.#exit = exited.then(async () => {
      await Promise.race([silence, delay(200, undefined, { ref: false })]);
      this.#onExit(child, lastWords);
    });
    try {
      await noteRuntime(note, child.pid);
    } catch (error) {
      killRuntimeProcess(child);
      throw error;
    }
    send(child, { type: "configure", settings: this.#options.settings });
    return child;
  }

  #onReport(report: RuntimeReport): void {
    switch (report.type) {
      case "log":
        this.#options.onLog(report.line);
        return;
      case "died":
        if (this.#running.delete(report.generation)) this.#options.onDeath(report.generation);
        return;
      case "stopped":
        this.#stopping.get(report.generation)?.();
        this.#stopping.delete(report.generation);
        return;
      case "scheduled":
        this.#scheduled.get(report.call)?.(report.outcome);
        this.#scheduled.delete(report.call);
        return;
      default:
        if (report.type === "started") this.#running.add(report.generation);
        this.#starting.get(report.generation)?.(report);
        this.#starting.delete(report.generation);
    }
  }

  #onExit(child: ChildProcess, lastWords: readonly string[]): void {
    // workerd outlives a parent that was killed.
    killRuntimeProcess(child);
    if (this.#child === child) {
      this.#child = undefined;
      this.#launch = undefined;
    }
    const reason = `The process that runs workerd ended (${child.signalCode ?? `exit code ${child.exitCode}`}). ${lastWords.join("\n")}`;
    for (const [generation, resolve] of this.#starting) {
      resolve({ type: "failed", generation, reason: reason.trim() });
    }
    this.#starting.clear();
    for (const resolve of this.#stopping.values()) resolve();
    this.#stopping.clear();
    for (const resolve of this.#scheduled.values()) resolve("failed");
    this.#scheduled.clear();
    const running = [...this.#running];
    this.#running.clear();
    for (const generation of running) this.#options.onDeath(generation);
  }
}

function send(child: ChildProcess, request: RuntimeRequest): void {
  // A closed channel shows as the end of the process, where it is dealt with.
  if (child.connected) child.send(request, () => {});
}
