import { type GatewayErrorFacts, gatewayErrors } from "../../../protocol/gateway-errors.js";
import type { Gateway } from "../../state/gateway.js";

interface Counter {
  readonly rule: string;
  /** Number of the fixed window that `count` belongs to. */
  window: number;
  count: number;
  /** Times of the requests let through, oldest first, from `start` on. */
  times: number[];
  start: number;
}

/**
 * Counts the requests of each gateway, not of each caller.
 *
 * `fixed`: windows aligned to the clock, so 60 s means the minute. `sliding`: exactly the requests
 * let through during the last interval. What is refused does not count.
 * @see https://developers.cloudflare.com/ai-gateway/features/rate-limiting/
 */
export class RateLimiter {
  readonly #counters = new Map<string, Counter>();

  admit(key: string, gateway: Gateway, now: number): GatewayErrorFacts | undefined {
    const { rate_limiting_limit: limit, rate_limiting_interval: interval } = gateway;
    if (!limit || !interval) return undefined;
    const technique = gateway.rate_limiting_technique ?? "fixed";
    const counter = this.#counter(key, `${technique} ${interval}`);
    const admitted =
      technique === "fixed"
        ? admitFixed(counter, limit, Math.floor(now / (interval * 1000)))
        : admitSliding(counter, limit, now, now - interval * 1000);
    return admitted ? undefined : gatewayErrors["rate-limited"];
  }

  drop(key: string): void {
    this.#counters.delete(key);
  }

  /** A gateway that counts in another way begins anew; another limit goes on counting. */
  #counter(key: string, rule: string): Counter {
    let counter = this.#counters.get(key);
    if (counter?.rule !== rule) {
      counter = { rule, window: -1, count: 0, times: [], start: 0 };
      this.#counters.set(key, counter);
    }
    return counter;
  }
}

function admitFixed(counter: Counter, limit: number, window: number): boolean {
  if (counter.window !== window) {
    counter.window = window;
    counter.count = 0;
  }
  if (counter.count >= limit) return false;
  counter.count++;
  return true;
}

function admitSliding(counter: Counter, limit: number, now: number, since: number): boolean {
  const { times } = counter;
  while (counter.start < times.length && (times[counter.start] as number) <= since) {
    counter.start++;
  }
  // Half of it is past: worth moving the rest to the front.
  if (counter.start > 64 && counter.start * 2 > times.length) {
    times.splice(0, counter.start);
    counter.start = 0;
  }
  if (times.length - counter.start >= limit) return false;
  times.push(now);
  return true;
}
