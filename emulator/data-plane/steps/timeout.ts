import type { Clock } from "../../clock.js";
import { Cancellation } from "../../upstreams/cancellation.js";
import type { UpstreamAnswer } from "../../upstreams/upstream.js";
import type { RequestOptions } from "../request-options.js";

/** The provider's answer did not begin in time. */
export class UpstreamTimeoutError extends Error {
  override readonly name = "UpstreamTimeoutError";
}

/**
 * Gives up when the head of the answer is not there in time; a body may then take as long as it
 * likes. The last of several attempts waits without a limit, as in the product.
 * @see https://developers.cloudflare.com/ai-gateway/configuration/request-handling/
 */
export async function timeout<Answer extends UpstreamAnswer>(
  { timeoutMs, maxAttempts }: RequestOptions,
  last: boolean,
  clock: Clock,
  cancellation: Cancellation,
  send: (cancellation: Cancellation) => Promise<Answer>,
): Promise<Answer> {
  if (timeoutMs === undefined || (last && maxAttempts > 1)) return send(cancellation);
  const attempt = new Cancellation();
  // Not taken off when the head is there: a caller who leaves later still ends the attempt.
  cancellation.onCancel(() => attempt.cancel());
  const timer = new AbortController();
  const tooLate = clock.sleep(timeoutMs, timer.signal).then(
    () => {
      attempt.cancel();
      throw new UpstreamTimeoutError(`No answer within ${timeoutMs} ms.`);
    },
    // The timer was stopped because the answer is there.
    () => new Promise<never>(() => {}),
  );
  const answer = send(attempt);
  // Whoever loses the race fails later, and nobody waits for it then.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    timer.abort();
  }
}
