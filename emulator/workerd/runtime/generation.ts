import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Miniflare, MiniflareCoreError } from "miniflare";
import { type ScriptKey, scriptKey } from "../script-key.js";
import type { UploadedScript } from "../uploaded-script.js";
import type {
  RuntimeLogLine,
  RuntimeSettings,
  ScheduledOutcome,
  StartReport,
  StorageKind,
} from "./messages.js";
import type { MiniflareWorker } from "./miniflare-worker.js";
import { PlaceholderWorkers } from "./placeholder-workers.js";
import { renderReportWorkers } from "./report-workers.js";
import { cleanRuntimeText, readRuntimeOutput } from "./runtime-output.js";
import { renderSecretWorkers } from "./secret-workers.js";
import { renderWorkerOptions } from "./worker-options.js";

/** Time in which what workerd wrote before it answered is read. Unit: milliseconds. */
const LAST_WORDS_MS = 500;

/** What workerd writes when it calls a handler that is not there. */
const NO_HANDLER = /^Received a ScheduledEvent but we lack a handler/;

export interface GenerationOptions {
  readonly number: number;
  readonly scripts: readonly UploadedScript[];
  readonly storage: StorageKind;
  readonly settings: RuntimeSettings;
  readonly pluginFile: string;
  onLog(line: RuntimeLogLine): void;
  /** Something about a script that its author should know; said at every start. */
  onNotice(line: RuntimeLogLine): void;
  /** workerd ended although `stop` was not called. */
  onDeath(): void;
}

/** One workerd process with one version of every script. A new version is a new generation. */
export class Generation {
  readonly #options: GenerationOptions;
  readonly #directory: string;
  readonly #errors: RuntimeLogLine[] = [];
  #unhandled = 0;
  #miniflare: Miniflare | undefined;
  #state: "starting" | "running" | "ended" = "starting";
  #outputEnded: () => void = () => {};
  readonly #output = new Promise<void>((resolve) => {
    this.#outputEnded = resolve;
  });

  constructor(options: GenerationOptions) {
    this.#options = options;
    this.#directory = join(options.settings.directory, `generation-${options.number}`);
  }

  /** Starts workerd. Unless the answer is "started", nothing is left of it. */
  async start(): Promise<StartReport> {
    const generation = this.#options.number;
    try {
      const workers = await this.#renderWorkers();
      if ("refused" in workers) return await this.#abandon(workers.refused);
      const { storage, settings } = this.#options;
      this.#miniflare = new Miniflare({
        workers: workers.options,
        ...(storage === "lasting"
          ? { defaultPersistRoot: settings.storageDirectory, cachePersist: false }
          : {}),
        // Left out, miniflare asks a public host for a cf.json.
        cf: false,
        logRequests: false,
        structuredWorkerdLogs: true,
        handleRuntimeStdio: (stdout: Readable, stderr: Readable) => this.#read(stdout, stderr),
      });
      const { startTimeoutMs } = settings;
      const started = await Promise.race([
        this.#miniflare.ready.then(() => true),
        delay(startTimeoutMs, false, { ref: false }),
      ]);
      if (!started) {
        return await this.#abandon({
          reason: `The code outside of the handlers did not end within ${startTimeoutMs / 1000} s: a Worker must not loop or wait while it is loaded.`,
        });
      }
      const ports = await this.#ports(this.#miniflare);
      this.#state = "running";
      return { type: "started", generation, ports };
    } catch (error) {
      return await this.#explain(error);
    }
  }

  /** Ends workerd, and whatever it still answers. */
  async stop(): Promise<void> {
    this.#state = "ended";
    // Rejects with the reason of a failed start, which `start` has reported.
    await this.#miniflare?.dispose().catch(() => {});
    await rm(this.#directory, { recursive: true, force: true });
  }

  async runScheduled(
    key: ScriptKey,
    event: { readonly cron: string; readonly scheduledTime: number },
  ): Promise<ScheduledOutcome> {
    const worker = (await this.#miniflare?.getWorker(key)) as ScheduledTarget | undefined;
    if (worker === undefined) return "failed";
    const before = this.#unhandled;
    const { outcome, noRetry } = await worker.scheduled({
      cron: event.cron,
      scheduledTime: new Date(event.scheduledTime),
    });
    if (outcome === "ok") return "ok";
    // A handler that fails may have said `noRetry()`, too; only workerd's own words tell which.
    if (!noRetry) return "failed";
    const end = performance.now() + LAST_WORDS_MS;
    while (this.#unhandled === before && performance.now() < end) await delay(10);
    return this.#unhandled === before ? "failed" : "no-handler";
  }

  async #renderWorkers() {
    const { scripts, settings, pluginFile, onNotice } = this.#options;
    await mkdir(this.#directory, { recursive: true });
    const placeholders = new PlaceholderWorkers();
    const context = {
      settings,
      pluginFile,
      onNotice,
      directory: this.#directory,
      scripts: new Map(
        scripts.map((script) => [scriptKey(script.accountId, script.name), script] as const),
      ),
      placeholders,
    };
    const options: MiniflareWorker[] = [];
    const owners = new Map<string, string>();
    for (const script of scripts) {
      try {
        claimStorage(script, owners);
        options.push(await renderWorkerOptions(script, context));
      } catch (error) {
        const key = scriptKey(script.accountId, script.name);
        return { refused: { key, reason: this.#withoutPaths(messageOf(error)) } };
      }
    }
    const helpers = [...renderSecretWorkers(scripts), ...renderReportWorkers(scripts)];
    return { options: [...options, ...placeholders.render(), ...helpers] };
  }

  async #ports(miniflare: Miniflare): Promise<Map<ScriptKey, number>> {
    const ports = new Map<ScriptKey, number>();
    for (const { accountId, name } of this.#options.scripts) {
      const key = scriptKey(accountId, name);
      ports.set(key, Number((await miniflare.unsafeGetDirectURL(key)).port));
    }
    return ports;
  }

  #read(stdout: Readable, stderr: Readable): void {
    const onLine = (line: RuntimeLogLine) => {
      if (NO_HANDLER.test(line.text)) {
        this.#unhandled += 1;
        return;
      }
      // Until it runs, what workerd writes is the reason why it does not.
      if (this.#state === "starting" && line.level === "error") this.#errors.push(line);
      else if (this.#options.storage !== "trial") this.#options.onLog(this.#attribute(line));
    };
    readRuntimeOutput(stdout, onLine);
    readRuntimeOutput(stderr, onLine);
    stderr.once("close", () => {
      this.#outputEnded();
      if (this.#state === "running") this.#options.onDeath();
    });
  }

  /** workerd names the script of a start failure only; a lone script needs no naming. */
  #attribute(line: RuntimeLogLine): RuntimeLogLine {
    const [only, another] = this.#options.scripts;
    if (line.key !== undefined || only === undefined || another !== undefined) return line;
    return { ...line, key: scriptKey(only.accountId, only.name) };
  }

  async #explain(error: unknown): Promise<StartReport> {
    const code = error instanceof MiniflareCoreError ? error.code : undefined;
    if (code === "ERR_RUNTIME_FAILURE") {
      // The report of the failed start overtakes workerd's last words.
      await Promise.race([this.#output, delay(1_000, undefined, { ref: false })]);
      const [first] = this.#errors;
      if (first !== undefined) {
        return await this.#abandon({
          ...(first.key === undefined ? {} : { key: first.key }),
          reason: this.#errors.map(({ text }) => text).join("\n"),
        });
      }
    }
    await this.stop();
    return {
      type: "failed",
      generation: this.#options.number,
      reason: this.#withoutPaths(messageOf(error)),
    };
  }

  async #abandon(refusal: { key?: ScriptKey; reason: string }): Promise<StartReport> {
    await this.stop();
    return { type: "refused", generation: this.#options.number, ...refusal };
  }

  #withoutPaths(text: string): string {
    return cleanRuntimeText(text)
      .replaceAll(`${this.#directory}/`, "")
      .replaceAll(this.#directory, "");
  }
}

/** @throws when two scripts have the objects of one class: both would write the same files. */
function claimStorage(script: UploadedScript, owners: Map<string, string>): void {
  for (const { className, storageKey } of script.durableObjects ?? []) {
    const owner = owners.get(storageKey);
    if (owner !== undefined) {
      throw new Error(
        `The objects of class "${className}" belong to Worker "${owner}": transfer the class, and deploy both Workers together.`,
      );
    }
    owners.set(storageKey, script.name);
  }
}

interface ScheduledTarget {
  scheduled(event: { cron: string; scheduledTime: Date }): Promise<{
    readonly outcome: string;
    readonly noRetry: boolean;
  }>;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
