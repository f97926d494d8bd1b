import { Agent } from "node:http";
import type { FrontTarget } from "./front/front-route.js";
import type { ScriptKey } from "./script-key.js";

/** Below workerd's five seconds, so that a request never meets a connection about to close. */
const IDLE_CONNECTION_MS = 4_000;

/**
 * Time after the last response in which `ctx.waitUntil` may finish its work. Unit: milliseconds.
 */
const LINGER_MS = 1_000;

/** The same while requests are being held: who deploys to a Worker nobody asks waits for nothing. */
const BRIEF_LINGER_MS = 250;

/** A started generation as the fronts see it; knows when the last request has left it. */
export class LiveGeneration {
  readonly number: number;
  /** Whether it has the emulator's storage; no two may have it at a time. */
  readonly ownsStorage: boolean;
  readonly #ports: ReadonlyMap<ScriptKey, number>;
  readonly #agent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: IDLE_CONNECTION_MS });
  readonly #targets = new Map<ScriptKey, FrontTarget>();
  readonly #sockets = new Set<() => void>();
  #active = 0;
  #lingerMs = LINGER_MS;
  #lastLeft = Number.NEGATIVE_INFINITY;
  #retire: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(number: number, ports: ReadonlyMap<ScriptKey, number>, ownsStorage: boolean) {
    this.number = number;
    this.ownsStorage = ownsStorage;
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
          this.#lastLeft = performance.now();
          if (this.#active === 0) this.#linger();
        },
        onRestart: (tell) => {
          this.#sockets.add(tell);
          return () => this.#sockets.delete(tell);
        },
      });
    }
  }

  target(key: ScriptKey): FrontTarget | undefined {
    return this.#targets.get(key);
  }

  /** Calls `end` once: when everything in flight has been answered, after `limitMs` at the latest. */
  retire(limitMs: number, end: () => void): void {
    const timer = setTimeout(() => this.cut(), limitMs);
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
    this.#tellSockets();
    this.#retire?.();
  }

  /**
   * Resolves when everything in flight has been answered, after `limitMs` at the latest, and tells
   * the WebSockets at once: nobody can be served meanwhile.
   */
  quiesce(limitMs: number): Promise<void> {
    this.#lingerMs = BRIEF_LINGER_MS;
    return new Promise((resolve) => {
      if (this.#retire === undefined) this.retire(limitMs, resolve);
      else {
        const end = this.#retire;
        this.#retire = () => {
          end();
          resolve();
        };
        const timer = setTimeout(() => this.cut(), limitMs);
        timer.unref();
      }
      this.#tellSockets();
      if (this.#active === 0) this.#linger();
    });
  }

  #tellSockets(): void {
    for (const tell of [...this.#sockets]) tell();
  }

  #linger(): void {
    if (this.#retire === undefined) return;
    clearTimeout(this.#timer);
    const left = this.#lastLeft + this.#lingerMs - performance.now();
    this.#timer = setTimeout(
      () => {
        if (this.#active === 0) this.#retire?.();
      },
      Math.max(0, left),
    );
    this.#timer.unref();
  }
}
