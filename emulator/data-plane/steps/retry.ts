import type { Clock } from "../../clock.js";
import type { Cancellation } from "../../upstreams/cancellation.js";
import { type UpstreamAnswer, UpstreamUnreachableError } from "../../upstreams/upstream.js";
import { discard } from "../gateway-answer.js";
import type { RequestOptions } from "../request-options.js";
import { UpstreamTimeoutError } from "./timeout.js";

/**
 * Asks again while an answer may be better the next time: no connection, no head in time, 408,
 * 429 and 5xx. Other refusals would only be repeated.
 * @param attempt is told whether it is the last one.
 */
export async function retry<Answer extends UpstreamAnswer>(
  { maxAttempts, retryDelay, backoff }: RequestOptions,
  clock: Clock,
  cancellation: Cancellation,
  attempt: (last: boolean) => Promise<Answer>,
): Promise<Answer> {
  for (let number = 1; number < maxAttempts; number++) {
    try {
      const answer = await attempt(false);
      if (!isTransient(answer.status)) return answer;
      discard(answer.body);
    } catch (error) {
      const transient =
        error instanceof UpstreamUnreachableError || error instanceof UpstreamTimeoutError;
      if (!transient) throw error;
    }
    const delay = retryDelay * delayFactor(backoff, number);
    if (delay > 0) await clock.sleep(delay, cancellation.signal);
  }
  return attempt(true);
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** @param number of the attempt that failed, from 1. */
function delayFactor(backoff: RequestOptions["backoff"], number: number): number {
  switch (backoff) {
    case "constant":
      return 1;
    case "linear":
      return number;
    case "exponential":
      return 2 ** (number - 1);
  }
}
