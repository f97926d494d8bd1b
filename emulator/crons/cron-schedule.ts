import type { Clock } from "../clock.js";
import type { StoredScript } from "../state/state-document.js";
import type { WorkerHost } from "../workerd/uploaded-script.js";
import { CronExpression } from "./cron-expression.js";

/** A run that would be later than this is missed, in milliseconds; missed runs are not made up for. */
const LATEST_MS = 60_000;

export interface CronScheduleOptions {
  readonly accountId: string;
  readonly clock: Clock;
  readonly workers: Pick<WorkerHost, "runScheduled">;
  /** The scripts, as they are when asked. */
  readonly scripts: () => readonly Pick<StoredScript, "name" | "schedules">[];
  readonly log: (line: string) => void;
}

interface Due {
  readonly time: number;
  readonly runs: readonly { readonly scriptName: string; readonly cron: string }[];
}

/** Calls Workers' `scheduled` handlers when their crons say so, on the emulator's clock. */
export class CronSchedule {
  readonly #options: CronScheduleOptions;
  readonly #expressions = new Map<string, CronExpression | undefined>();
  #sleep: AbortController | undefined;
  #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: CronScheduleOptions) {
    this.#options = options;
  }

  /** Begins now, and again when schedules have changed. What was due before is not run any more. */
  restart(): void {
    this.#sleep?.abort();
    if (this.#closed) return;
    const sleep = new AbortController();
    this.#sleep = sleep;
    void this.#follow(sleep.signal);
  }

  /**
   * Calls the `scheduled` handler once.
   * @returns what became of it; a failure is logged too
   */
  async run(
    scriptName: string,
    cron: string,
    scheduledTime: number,
  ): Promise<"ok" | "failed" | "no-handler"> {
    const { accountId, workers, log } = this.#options;
    const what = `[${scriptName}] scheduled "${cron}"`;
    try {
      const outcome = await workers.runScheduled(accountId, scriptName, { cron, scheduledTime });
      if (outcome === "failed") log(`${what}: the handler failed.`);
      if (outcome === "no-handler") log(`${what}: the Worker has no scheduled() handler.`);
      return outcome;
    } catch (error) {
      log(`${what}: ${(error as Error).message}`);
      return "failed";
    }
  }

  /** Stops, and waits for the handlers that run. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#sleep?.abort();
    await Promise.all(this.#running);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (let after = clock.now(); ; ) {
      const due = this.#next(after);
      if (!due) return;
      try {
        await sleepUntil(due.time, clock, signal);
      } catch {
        // Aborted: closed, or begun again.
        return;
      }
      const now = clock.now();
      if (now - due.time < LATEST_MS) this.#start(due);
      after = Math.max(due.time, now - LATEST_MS);
    }
  }

  #start({ time, runs }: Due): void {
    for (const { scriptName, cron } of runs) {
      const run = this.run(scriptName, cron, time).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  #next(after: number): Due | undefined {
    const runs = this.#options.scripts().flatMap(({ name, schedules }) =>
      schedules.flatMap(({ cron }) => {
        const time = this.#expression(cron)?.next(after);
        return time === undefined ? [] : [{ scriptName: name, cron, time }];
      }),
    );
    if (runs.length === 0) return undefined;
    const time = Math.min(...runs.map((run) => run.time));
    return { time, runs: runs.filter((run) => run.time === time) };
  }

  /** Undefined, and said once, for one that another version stored and this one cannot read. */
  #expression(cron: string): CronExpression | undefined {
    if (this.#expressions.has(cron)) return this.#expressions.get(cron);
    let expression: CronExpression | undefined;
    try {
      expression = new CronExpression(cron);
    } catch (error) {
      this.#options.log(`The cron "${cron}" does not run: ${(error as Error).message}`);
    }
    this.#expressions.set(cron, expression);
    return expression;
  }
}

/** In pieces: a timer longer than about 24 days fires at once, and a machine may sleep. */
async function sleepUntil(time: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const longest = 3_600_000;
  for (let left = time - clock.now(); left > 0; left = time - clock.now()) {
    await clock.sleep(Math.min(left, longest), signal);
  }
}
