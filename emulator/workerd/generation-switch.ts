import { EmulatorError } from "../emulator-error.js";
import { oneByOne } from "../one-by-one.js";
import type { Change } from "./deploy-queue.js";
import type { FrontRoute } from "./front/front-route.js";
import { isMissed, storageOf } from "./has-storage.js";
import { LiveGeneration } from "./live-generation.js";
import { LiveGenerations } from "./live-generations.js";
import type { ScheduledOutcome, StorageKind } from "./runtime/messages.js";
import type { RuntimeClient } from "./runtime/runtime-client.js";
import { renderLogLine } from "./runtime/runtime-output.js";
import { type ScriptKey, scriptNameOf } from "./script-key.js";
import { Signal } from "./signal.js";
import { blame, type StartFailure } from "./start-failure.js";
import {
  createRuntimeClient,
  type RuntimeClientSettings,
  startGeneration,
} from "./start-generation.js";
import { dropStored, usesStored } from "./stored-files.js";
import type { StoredProduct, UploadedScript } from "./uploaded-script.js";
import type { WorkerHostLimits, WorkerHostOptions } from "./worker-host-options.js";

/** Pause before workerd is started again when it ended soon after a start. Unit: milliseconds. */
const RESTART_PAUSE_MS = 1_000;

export type GenerationSwitchOptions = RuntimeClientSettings &
  Pick<WorkerHostOptions, "clock" | "log"> & { readonly limits: WorkerHostLimits };

/** Decides which generation of workerd answers, and replaces it by the next. */
export class GenerationSwitch {
  readonly #options: GenerationSwitchOptions;
  readonly #runtime: RuntimeClient;
  readonly #live: LiveGenerations;
  readonly #expected = new Set<ScriptKey>();
  readonly #changed = new Signal();
  /** One start at a time, so that each begins from what the one before left. */
  readonly #alone = oneByOne();
  #scripts: ReadonlyMap<ScriptKey, UploadedScript> = new Map();
  #count = 0;
  #closed = false;
  #held = false;
  #broken: string | undefined;
  #revivedAt = Number.NEGATIVE_INFINITY;

  constructor(options: GenerationSwitchOptions) {
    this.#options = options;
    this.#runtime = createRuntimeClient(options, {
      onLog: (line) => options.log(renderLogLine(line)),
      onDeath: (number) => void this.#onDeath(number),
    });
    this.#live = new LiveGenerations({
      drainMs: options.limits.drainMs,
      stop: (number) => this.#runtime.stop(number),
    });
  }

  warmUp(): void {
    this.#runtime.warmUp().catch(() => {});
  }

  /** Requests for this script wait, even though nothing is deployed yet. */
  expect(key: ScriptKey): void {
    this.#expected.add(key);
  }

  route(key: ScriptKey): FrontRoute {
    const target = this.#live.current?.target(key);
    const isDeployed = this.#scripts.has(key);
    if (target !== undefined && isDeployed && !this.#held) return { kind: "serve", target };
    const name = scriptNameOf(key);
    if (this.#broken !== undefined && isDeployed) {
      return { kind: "refuse", status: 502, text: `Worker "${name}" is down: ${this.#broken}` };
    }
    if (isDeployed || this.#expected.has(key)) {
      return { kind: "hold", until: this.#changed.next };
    }
    const text = `There is nothing here yet. Worker "${name}" is not deployed.`;
    return { kind: "refuse", status: 404, text };
  }

  /** @returns the changes that were refused; everything else is up when this resolves. */
  apply(changes: readonly Change[]): Promise<ReadonlyMap<Change, Error>> {
    return this.#alone(async () => {
      const refused = new Map<Change, Error>();
      try {
        await this.#applyAll(changes, refused);
      } finally {
        for (const { key } of changes) this.#expected.delete(key);
        this.#changed.give();
      }
      return refused;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#live.cut();
    await this.#runtime.close();
    this.#changed.give();
  }

  /** Calls the `scheduled` handler of a script; waits while the script is being replaced. */
  async runScheduled(
    key: ScriptKey,
    event: { readonly cron: string; readonly scheduledTime: number },
  ): Promise<ScheduledOutcome> {
    for (;;) {
      const route = this.route(key);
      const number = this.#live.current?.number;
      if (route.kind === "refuse") throw new EmulatorError(route.text);
      if (route.kind === "hold" || number === undefined) {
        await this.#changed.next;
        continue;
      }
      route.target.enter();
      try {
        return await this.#runtime.runScheduled(number, key, event);
      } finally {
        route.target.leave();
      }
    }
  }

  /** Removes what is stored; workerd is stopped for it when a script has it open. */
  dropStorage(product: StoredProduct, key: string): Promise<void> {
    return this.#alone(async () => {
      const isOpen = [...this.#scripts.values()].some((script) => usesStored(script, product, key));
      const drop = () => dropStored(this.#options.storageDirectory, product, key);
      if (!isOpen) {
        await this.#live.endOwners(this.#live.retiring);
        return await drop();
      }
      await this.#withoutOwner(async () => {
        await drop();
        await this.#bringBack();
      });
    });
  }

  async #applyAll(changes: readonly Change[], refused: Map<Change, Error>): Promise<void> {
    const scripts = new Map(this.#scripts);
    for (const { key, script } of changes) {
      if (script === undefined) scripts.delete(key);
      else scripts.set(key, script);
    }
    const removed = changes.flatMap(({ key }) => this.#scripts.get(key) ?? []);
    if (changes.every(({ script }) => script === undefined) && !isMissed(removed, scripts)) {
      // Nobody asks the running generation for it any more.
      this.#scripts = scripts;
      if (scripts.size === 0) this.#replace(undefined);
      return;
    }
    const result = await this.#bring(scripts);
    if (result === undefined) return;
    for (const [change, error] of blame(changes, result)) refused.set(change, error);
    const rest = changes.filter((change) => !refused.has(change));
    if (rest.length < changes.length) {
      if (rest.length > 0) await this.#applyAll(rest, refused);
    } else for (const change of rest) await this.#applyAll([change], refused);
  }

  /** Puts these scripts in place of those that run. */
  async #bring(scripts: ReadonlyMap<ScriptKey, UploadedScript>): Promise<StartFailure | undefined> {
    const storage = storageOf(scripts);
    if (storage === "lasting" && this.#live.owners.length > 0) return await this.#exchange(scripts);
    const result = await this.#start(scripts, storage);
    if (!(result instanceof LiveGeneration)) return result;
    this.#scripts = scripts;
    this.#replace(result);
    return undefined;
  }

  /**
   * The same when the running generation has the storage, which two cannot share: requests wait
   * from its end to the start of the next. A script that does not start is found out before.
   */
  async #exchange(
    scripts: ReadonlyMap<ScriptKey, UploadedScript>,
  ): Promise<StartFailure | undefined> {
    const trial = await this.#start(scripts, "trial");
    if (!(trial instanceof LiveGeneration)) return trial;
    void this.#runtime.stop(trial.number);
    return await this.#withoutOwner(async () => {
      const result = await this.#start(scripts, "lasting");
      if (!(result instanceof LiveGeneration)) {
        await this.#bringBack();
        return result;
      }
      this.#scripts = scripts;
      this.#replace(result);
      return undefined;
    });
  }

  /** Does something while no workerd has the storage; requests wait. */
  async #withoutOwner<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#held = true;
    try {
      await this.#live.endOwners();
      return await work();
    } finally {
      this.#held = false;
      this.#changed.give();
    }
  }

  async #start(
    scripts: ReadonlyMap<ScriptKey, UploadedScript>,
    storage: StorageKind,
  ): Promise<LiveGeneration | StartFailure> {
    if (this.#closed) return { error: new EmulatorError("The emulator is stopping.") };
    this.#count += 1;
    return await startGeneration(this.#runtime, this.#count, scripts, storage);
  }

  #replace(next: LiveGeneration | undefined): void {
    this.#broken = undefined;
    this.#live.replace(next);
    this.#changed.give();
  }

  async #onDeath(number: number): Promise<void> {
    if (this.#closed || this.#live.current?.number !== number) return;
    this.#options.log("workerd ended unexpectedly; it is started again.");
    this.#live.forgetCurrent();
    const { clock } = this.#options;
    const pause = this.#revivedAt + RESTART_PAUSE_MS - clock.now();
    if (pause > 0) await clock.sleep(pause);
    this.#revivedAt = clock.now();
    await this.#alone(() => this.#revive());
  }

  /** Starts what ran before, after a stop that was ours. */
  async #bringBack(): Promise<void> {
    this.#live.forgetCurrent();
    await this.#revive();
  }

  async #revive(): Promise<void> {
    // A deploy in between has brought a new generation.
    if (this.#live.current !== undefined || this.#scripts.size === 0) return;
    await this.#live.endOwners(this.#live.retiring);
    const result = await this.#start(this.#scripts, storageOf(this.#scripts));
    if (result instanceof LiveGeneration) return this.#replace(result);
    if (this.#closed) return;
    this.#broken = result.error.message;
    this.#options.log(`workerd does not start again: ${result.error.message}`);
    this.#changed.give();
  }
}
