import { setTimeout as sleep } from "node:timers/promises";
import { isLoopbackUrl } from "../../../protocol/urls.js";
import { programName } from "../../program-name.js";
import { ProviderError } from "./diagnostics.js";
import { isJsonObject, type Json, parseExactJson } from "./exact-json.js";
import { redact } from "./redact.js";
import type { Stop } from "./stop.js";

export interface ApiRequest {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Values of this request that no message may show. */
  readonly secrets?: readonly string[];
  /** Completes a write that was already answered, so it still runs once Terraform is stopping. */
  readonly finishing?: true;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly count: number;
  retries(status: number): boolean;
  /** @param attempt - From 0. */
  waitMs(attempt: number, response: ApiResponse | undefined): number;
}

export interface ApiClientOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly retry: RetryPolicy;
  /** Values no message may show, the token first of all. */
  readonly secrets: readonly string[];
}

const reads = new Set(["GET", "HEAD"]);

/** HTTP as the providers need it: credentials, retries, interruption, and errors to act on. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /**
   * Sends a request until it is answered with something that is not worth another try.
   * @throws ProviderError when there is no answer at all.
   */
  async send(request: ApiRequest, stop: Stop): Promise<ApiResponse> {
    const { retry } = this.#options;
    for (let attempt = 0; ; attempt++) {
      if (stop.requested && !request.finishing) throw stop.signal.reason;
      const answer = await this.#once(request, stop);
      const again = answer instanceof Error || retry.retries(answer.status);
      if (!again || attempt >= retry.count) {
        if (answer instanceof Error) throw answer;
        return answer;
      }
      const response = answer instanceof Error ? undefined : answer;
      await sleep(retry.waitMs(attempt, response), undefined, { signal: stop.signal }).catch(() => {
        throw stop.signal.reason;
      });
    }
  }

  /** An answer that is not a success, as a message with the API's own words. */
  failure(what: string, request: ApiRequest, response: ApiResponse): ProviderError {
    const place = `${request.method} ${request.path}`;
    return new ProviderError(
      `${what}: the API answered ${response.status}`,
      this.redact(`${place}: ${apiMessage(response)}`, request.secrets),
    );
  }

  redact(text: string, secrets: readonly string[] = []): string {
    return redact(text, [...this.#options.secrets, ...secrets]);
  }

  /** @throws ProviderError for what another try would not change. */
  async #once(request: ApiRequest, stop: Stop): Promise<ApiResponse | ProviderError> {
    const cutShort = reads.has(request.method) && !request.finishing;
    const signal = cutShort ? stop.signal : stop.writeSignal;
    try {
      const response = await fetch(this.#url(request), {
        method: request.method,
        headers: { ...this.#options.headers, ...request.headers },
        // One of its own: what listens to the shared one stays until the garbage is collected, and
        // Node warns of thousands.
        signal: AbortSignal.any([signal]),
        // A body on a read is dropped, as the real providers' HTTP libraries do.
        ...(request.body !== undefined && !reads.has(request.method) && { body: request.body }),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, bytes };
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      if (thrown instanceof ProviderError) throw thrown;
      const misplaced = nobodyListens(thrown) && isLoopbackUrl(this.#options.baseUrl);
      const failure = this.#unreachable(request, causes(thrown), misplaced);
      // The emulator is up, for it serves this provider: it will not come to that port while Terraform waits.
      if (misplaced) throw failure;
      return failure;
    }
  }

  #unreachable(request: ApiRequest, cause: string, misplaced: boolean): ProviderError {
    const advice = misplaced
      ? "Nothing is there: the stack may have been synthesized while the emulator was at another port. " +
        `Run ${programName("cdktf synth")}, and this again.`
      : "Is it running, and is the base URL of the provider right?";
    const place = `${request.method} ${request.path} at ${this.#options.baseUrl}`;
    return new ProviderError(
      "The API cannot be reached",
      this.redact(`${place}: ${cause}. ${advice}`, request.secrets),
    );
  }

  #url({ path, query = {} }: ApiRequest): string {
    if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith("//")) {
      throw new ProviderError(
        "Path is a whole URL",
        `Got ${path}; the embedded provider takes paths below the provider's base_url only, so ` +
          "that its token goes nowhere else.",
      );
    }
    const base = this.#options.baseUrl.replace(/\/+$/, "");
    const parameters = new URLSearchParams();
    for (const [name, values] of Object.entries({ ...this.#options.query, ...query })) {
      for (const value of values) parameters.append(name, value);
    }
    const address = `${base}${path.startsWith("/") ? "" : "/"}${path}`;
    const joint = address.includes("?") ? "&" : "?";
    return parameters.size > 0 ? `${address}${joint}${parameters}` : address;
  }
}

/** Cloudflare's envelope as sentences, anything else as it came. */
function apiMessage({ bytes }: ApiResponse): string {
  const text = bytes.toString("utf8").trim();
  if (text === "") return "no explanation was given.";
  const envelope = tryJson(text);
  const list = isJsonObject(envelope) && Array.isArray(envelope.errors) ? envelope.errors : [];
  const sentences = list.flatMap((error) =>
    isJsonObject(error) && typeof error.message === "string"
      ? [error.code === undefined ? error.message : `${error.message} (code ${error.code})`]
      : [],
  );
  if (sentences.length === 0) return text;
  // What to do about it, which the API says apart from what is wrong.
  const hints = isJsonObject(envelope) && Array.isArray(envelope.messages) ? envelope.messages : [];
  const advice = hints.flatMap((hint) =>
    isJsonObject(hint) && typeof hint.message === "string" ? [hint.message] : [],
  );
  return [sentences.join("; "), ...advice].join("\n");
}

function tryJson(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** `fetch` hides the reason in its cause, and that in a list for a name of two addresses. */
function causes(thrown: unknown): string {
  const { message, cause, errors } = Object(thrown) as {
    message?: string;
    cause?: unknown;
    errors?: unknown[];
  };
  if (errors) return errors.map(causes).join(", ");
  return cause === undefined ? (message ?? String(thrown)) : causes(cause);
}

/** Nothing has been sent, and nothing will answer. */
function nobodyListens(thrown: unknown): boolean {
  const { code, cause } = Object(thrown) as { code?: unknown; cause?: unknown };
  return code === "ECONNREFUSED" || (cause !== undefined && nobodyListens(cause));
}

/** Doubling from `minMs` to `maxMs` with jitter, the way both real providers wait. */
export function backoffMs(minMs: number, maxMs: number, attempt: number): number {
  const half = Math.min(maxMs, minMs * 2 ** attempt) / 2;
  return Math.max(minMs, half + Math.random() * half);
}

/** Milliseconds a `Retry-After` of seconds asks for. */
export function retryAfterMs(response: ApiResponse | undefined): number | undefined {
  const seconds = Number(response?.headers.get("retry-after") || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
