import { Agent } from "node:http";
import type { FrontTarget } from "./front/front-route.js";
import type { ScriptKey } from "./script-key.js";

/** Below workerd's five seconds, so that a request never meets a connection about to close. */
const IDLE_CONNECTION_MS = 4_000;

/**
 * Time after the last response in which `ctx.waitUntil` may finish its work. Unit: milliseconds.
 */
const LINGER_MS = 1_000;

/** A started generation as the fronts see it; knows when the last request has left it. */
export class LiveGeneration {
  readonly number: number;
  readonly #ports: ReadonlyMap<ScriptKey, number>;
  readonly #agent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: IDLE_CONNECTION_MS });
  readonly #targets = new Map<ScriptKey, FrontTarget>();
  #active = 0;
  #retire: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(number: number, ports: ReadonlyMap<ScriptKey, number>) {
    this.number = number;
    this.#ports = ports;
    for (const [key, port] of this.#ports) {
      this.#targets.set(key, {
        port,
        agent: this.#agent,
        enter: () => {
          this.#active += 1;
        },
        leave: () => {
          this.#active -= 1;
          if (this.#active === 0) this.#linger();
        },
      });
    }
  }

  target(key: ScriptKey): FrontTarget | undefined {
    return this.#targets.get(key);
  }

  /** Calls `end` once: when everything in flight has been answered, after `limitMs` at the latest. */
  retire(limitMs: number, end: () => void): void {
    const timer = setTimeout(() => this.#retire?.(), limitMs);
    timer.unref();
    this.#retire = () => {
      this.#retire = undefined;
      clearTimeout(timer);
      clearTimeout(this.#timer);
      this.#agent.destroy();
      end();
    };
    if (this.#active === 0) this.#linger();
  }

  /** Ends a retired generation without waiting any longer. */
  cut(): void {
    this.#retire?.();
  }

  #linger(): void {
    if (this.#retire === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#active === 0) this.#retire?.();
    }, LINGER_MS);
    this.#timer.unref();
  }
}
