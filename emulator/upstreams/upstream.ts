import type { Readable } from "node:stream";
import type { Cancellation } from "./cancellation.js";

/** Header names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A request on its way to a provider; what only concerns the gateway is already taken off. */
export interface UpstreamRequest {
  readonly method: string;
  /** Below the provider's base, without a leading slash, with the query string. */
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** A Worker's binding is who it is; everyone else shows the provider's own credential. */
  readonly trusted: boolean;
  /** `AI.run` takes a model's output as it is; everyone else gets Cloudflare's envelope. */
  readonly bare: boolean;
  readonly cancellation: Cancellation;
}

export interface UpstreamAnswer {
  readonly status: number;
  /** Flat: name, value, name, value. Hop-by-hop headers are already taken off. */
  readonly headers: readonly string[];
  /** A stream nobody has read from yet, or the whole body. */
  readonly body: Readable | Buffer;
}

/** What a provider's slug leads to. */
export interface Upstream {
  /** Whether a request that brings no credential has one when it leaves, or needs none. */
  readonly hasCredential: boolean;
  /**
   * Resolves with the head of the answer, however bad its status.
   * @throws {UpstreamUnreachableError} when there is no answer at all.
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): void;
}

/** No connection, or one that broke before the answer's head. */
export class UpstreamUnreachableError extends Error {
  override readonly name = "UpstreamUnreachableError";
}
