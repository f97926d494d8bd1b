/** One prompt sent through the deployed Worker. */
export interface Call {
  readonly status: number;
  /** `HIT` or `MISS`; null when the answer does not say. */
  readonly cacheStatus: string | null;
  /** Milliseconds from the request to the last byte of the answer. */
  readonly ms: number;
}

/** The Worker's address does not answer. */
export class WorkerUnreachableError extends Error {
  override readonly name = "WorkerUnreachableError";
}

/** @throws {WorkerUnreachableError} */
export async function ask(url: string, prompt: string): Promise<Call & { readonly body: string }> {
  const started = performance.now();
  const response = await fetch(new URL("/ai", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt }),
  }).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new WorkerUnreachableError(`The Worker does not answer at ${url}: ${reason}.`);
  });
  const body = await response.text();
  return {
    status: response.status,
    cacheStatus: response.headers.get("cf-aig-cache-status"),
    ms: Math.round((performance.now() - started) * 10) / 10,
    body,
  };
}

/** True for a call that the cache answered. */
export const isHit = (call: Call | undefined): boolean =>
  call?.status === 200 && call.cacheStatus === "HIT";
