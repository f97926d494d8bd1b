import type { EventEmitter } from "node:events";
import type { Clock } from "../../clock.js";

/** How long one request may wait altogether: until a time is over or its client goes. */
export class ReadinessWait {
  readonly #end = new AbortController();
  readonly #over: Promise<"late" | "gone">;

  constructor(clock: Clock, limitMs: number, client: EventEmitter) {
    this.#over = new Promise((resolve) => {
      clock.sleep(limitMs, this.#end.signal).then(
        () => resolve("late"),
        () => {},
      );
      client.once("close", () => resolve("gone"));
    });
  }

  async for(event: Promise<unknown>): Promise<"ready" | "late" | "gone"> {
    return await Promise.race([event.then(() => "ready" as const), this.#over]);
  }

  end(): void {
    this.#end.abort();
  }
}
