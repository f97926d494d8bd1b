import type { Clock } from "../clock.js";
import { EmulatorError } from "../emulator-error.js";
import type { Change } from "./deploy-queue.js";
import type { FrontRoute } from "./front/front-route.js";
import { LiveGeneration } from "./live-generation.js";
import { RuntimeClient } from "./runtime/runtime-client.js";
import { renderLogLine } from "./runtime/runtime-output.js";
import { type ScriptKey, scriptNameOf } from "./script-key.js";
import { ScriptRefusedError, type UploadedScript } from "./uploaded-script.js";
import type { WorkerHostLimits } from "./worker-host-options.js";

/** Old generations that may still be finishing; an older one is cut short. */
const MAX_RETIRING = 2;

/** Pause before workerd is started again when it ended soon after a start. Unit: milliseconds. */
const RESTART_PAUSE_MS = 1_000;

export interface GenerationSwitchOptions {
  readonly binding: { readonly address: string; readonly token: string };
  readonly directory: string;
  readonly limits: WorkerHostLimits;
  readonly clock: Clock;
  log(line: string): void;
}

/** Decides which generation of workerd answers, and replaces it by the next. */
export class GenerationSwitch {
  readonly #options: GenerationSwitchOptions;
  readonly #runtime: RuntimeClient;
  readonly #expected = new Set<ScriptKey>();
  #scripts: ReadonlyMap<ScriptKey, UploadedScript> = new Map();
  #current: LiveGeneration | undefined;
  #retiring: LiveGeneration[] = [];
  #count = 0;
  #change = deferred();
  #closed = false;
  #broken: string | undefined;
  #revivedAt = Number.NEGATIVE_INFINITY;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: GenerationSwitchOptions) {
    this.#options = options;
    this.#runtime = new RuntimeClient({
      settings: {
        bindingAddress: options.binding.address,
        bindingToken: options.binding.token,
        directory: options.directory,
        startTimeoutMs: options.limits.startMs,
      },
      onLog: (line) => options.log(renderLogLine(line)),
      onDeath: (number) => void this.#onDeath(number),
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
    const target = this.#current?.target(key);
    if (target !== undefined && this.#scripts.has(key)) return { kind: "serve", target };
    const name = scriptNameOf(key);
    if (this.#broken !== undefined && this.#scripts.has(key)) {
      return { kind: "refuse", status: 502, text: `Worker "${name}" is down: ${this.#broken}` };
    }
    if (this.#scripts.has(key) || this.#expected.has(key)) {
      return { kind: "hold", until: this.#change.promise };
    }
    return {
      kind: "refuse",
      status: 404,
      text: `There is nothing here yet. Worker "${name}" is not deployed.`,
    };
  }

  /** @returns the changes that were refused; everything else is up when this resolves. */
  apply(changes: readonly Change[]): Promise<ReadonlyMap<Change, Error>> {
    return this.#alone(async () => {
      const refused = new Map<Change, Error>();
      try {
        await this.#applyAll(changes, refused);
      } finally {
        for (const { key } of changes) this.#expected.delete(key);
        this.#announce();
      }
      return refused;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const generation of this.#retiring.splice(0)) generation.cut();
    this.#current?.retire(0, () => {});
    this.#current?.cut();
    this.#current = undefined;
    await this.#runtime.close();
    this.#announce();
  }

  async #applyAll(changes: readonly Change[], refused: Map<Change, Error>): Promise<void> {
    const scripts = new Map(this.#scripts);
    for (const { key, script } of changes) {
      if (script === undefined) scripts.delete(key);
      else scripts.set(key, script);
    }
    // Taking down needs no new generation: nobody asks the running one for it any more.
    if (changes.every(({ script }) => script === undefined)) {
      this.#scripts = scripts;
      if (scripts.size === 0) this.#replace(undefined);
      return;
    }
    const result = await this.#start(scripts);
    if (result instanceof LiveGeneration) {
      this.#scripts = scripts;
      this.#replace(result);
      return;
    }
    for (const [change, error] of blame(changes, result)) refused.set(change, error);
    const rest = changes.filter((change) => !refused.has(change));
    if (rest.length < changes.length) {
      if (rest.length > 0) await this.#applyAll(rest, refused);
    } else for (const change of rest) await this.#applyAll([change], refused);
  }

  async #start(
    scripts: ReadonlyMap<ScriptKey, UploadedScript>,
  ): Promise<LiveGeneration | StartFailure> {
    if (this.#closed) return { error: new EmulatorError("The emulator is stopping.") };
    this.#count += 1;
    const report = await this.#runtime.start(this.#count, [...scripts.values()]);
    if (report.type === "started") return new LiveGeneration(report.generation, report.ports);
    if (report.type === "failed") {
      return { error: new EmulatorError(`workerd cannot be started: ${report.reason}`) };
    }
    const error = new ScriptRefusedError(report.reason);
    return report.key === undefined ? { error } : { key: report.key, error };
  }

  #replace(next: LiveGeneration | undefined): void {
    const previous = this.#current;
    this.#current = next;
    this.#broken = undefined;
    this.#announce();
    if (previous === undefined) return;
    this.#retiring.push(previous);
    previous.retire(this.#options.limits.drainMs, () => {
      this.#retiring = this.#retiring.filter((generation) => generation !== previous);
      this.#runtime.stop(previous.number);
    });
    while (this.#retiring.length > MAX_RETIRING) this.#retiring[0]?.cut();
  }

  async #onDeath(number: number): Promise<void> {
    const dead = this.#current;
    if (this.#closed || dead?.number !== number) return;
    this.#options.log("workerd ended unexpectedly; it is started again.");
    this.#current = undefined;
    dead.retire(0, () => {});
    dead.cut();
    const { clock } = this.#options;
    const pause = this.#revivedAt + RESTART_PAUSE_MS - clock.now();
    if (pause > 0) await clock.sleep(pause);
    this.#revivedAt = clock.now();
    await this.#alone(() => this.#revive());
  }

  async #revive(): Promise<void> {
    // A deploy in between has brought a new generation.
    if (this.#current !== undefined || this.#scripts.size === 0) return;
    const result = await this.#start(this.#scripts);
    if (result instanceof LiveGeneration) return this.#replace(result);
    if (this.#closed) return;
    this.#broken = result.error.message;
    this.#options.log(`workerd does not start again: ${result.error.message}`);
    this.#announce();
  }

  /** One start at a time, so that each begins from what the one before left. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  #announce(): void {
    this.#change.resolve();
    this.#change = deferred();
  }
}

interface StartFailure {
  /** The script that does not start, when workerd said which. */
  readonly key?: ScriptKey;
  readonly error: Error;
}

/** Which changes a failed start is charged to; none when only trying one by one can tell. */
function blame(
  changes: readonly Change[],
  { key, error }: StartFailure,
): readonly (readonly [Change, Error])[] {
  const named = changes.filter((change) => change.key === key);
  if (named.length > 0) return named.map((change) => [change, error]);
  if (key !== undefined) {
    const other = new EmulatorError(
      `Worker "${scriptNameOf(key)}", deployed before, does not start any more and keeps this one from starting: ${error.message}`,
    );
    return changes.map((change) => [change, other]);
  }
  const hopeless = changes.length === 1 || !(error instanceof ScriptRefusedError);
  return hopeless ? changes.map((change) => [change, error]) : [];
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
