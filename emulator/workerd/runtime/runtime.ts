import { mkdir } from "node:fs/promises";
import type { UploadedScript } from "../uploaded-script.js";
import { writeAiBindingPlugin } from "./ai-binding-plugin.js";
import { Generation } from "./generation.js";
import type {
  RuntimeLogLine,
  RuntimeReport,
  RuntimeRequest,
  RuntimeSettings,
  StorageKind,
} from "./messages.js";
import { repairAssetsPlugin } from "./repair-assets-plugin.js";
import { repairQueuesPlugin } from "./repair-queues-plugin.js";
import { repairWorkflowsPlugin } from "./repair-workflows-plugin.js";

/** The generations of one runtime process. */
export class Runtime {
  readonly #settings: RuntimeSettings;
  readonly #report: (report: RuntimeReport) => void;
  readonly #pluginFile: string;
  readonly #notices = new Set<string>();
  readonly #generations = new Map<number, Generation>();
  readonly #stops = new Map<number, Promise<void>>();

  private constructor(
    settings: RuntimeSettings,
    report: (report: RuntimeReport) => void,
    pluginFile: string,
  ) {
    this.#settings = settings;
    this.#report = report;
    this.#pluginFile = pluginFile;
  }

  static async create(
    settings: RuntimeSettings,
    report: (report: RuntimeReport) => void,
  ): Promise<Runtime> {
    repairAssetsPlugin();
    repairQueuesPlugin();
    repairWorkflowsPlugin();
    await mkdir(settings.directory, { recursive: true });
    return new Runtime(settings, report, await writeAiBindingPlugin(settings.directory));
  }

  async start(
    number: number,
    scripts: readonly UploadedScript[],
    storage: StorageKind,
  ): Promise<void> {
    const generation = new Generation({
      number,
      scripts,
      storage,
      settings: this.#settings,
      pluginFile: this.#pluginFile,
      onLog: (line) => this.#report({ type: "log", line }),
      onNotice: (line) => this.#notify(line),
      onDeath: () => {
        this.#report({ type: "died", generation: number });
        void this.stop(number);
      },
    });
    this.#generations.set(number, generation);
    const result = await generation.start();
    if (result.type !== "started") this.#generations.delete(number);
    this.#report(result);
  }

  async runScheduled({
    call,
    generation,
    key,
    ...event
  }: RuntimeRequest & { readonly type: "scheduled" }): Promise<void> {
    const outcome = await this.#generations
      .get(generation)
      ?.runScheduled(key, event)
      .catch(() => "failed" as const);
    this.#report({ type: "scheduled", call, outcome: outcome ?? "failed" });
  }

  async stop(number: number): Promise<void> {
    const generation = this.#generations.get(number);
    this.#generations.delete(number);
    // Asked twice, both wait: the storage is free only when workerd is gone.
    if (generation !== undefined) {
      this.#stops.set(
        number,
        generation.stop().finally(() => this.#stops.delete(number)),
      );
    }
    await this.#stops.get(number);
    this.#report({ type: "stopped", generation: number });
  }

  /** Every start brings the notices of all scripts; once is enough. */
  #notify(line: RuntimeLogLine): void {
    const notice = `${line.key} ${line.text}`;
    if (this.#notices.has(notice)) return;
    this.#notices.add(notice);
    this.#report({ type: "log", line });
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#generations.keys()].map((number) => this.stop(number)));
  }
}
