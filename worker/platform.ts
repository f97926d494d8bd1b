/**
 * The platform as this client sees it: only what it calls, in types of its own, so that it works
 * under `wrangler types`, `@cloudflare/workers-types` or the DOM's types alike and asks a consumer
 * for none of them.
 */

/** The `Response` of whatever types the consumer compiles with. */
export type PlatformResponse = typeof globalThis extends { Response: { prototype: infer R } }
  ? R
  : GatewayResponse;

/** What is read of a response. */
export interface GatewayResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  clone(): { text(): Promise<string> };
}

/** An `AbortSignal`. */
export interface PlatformSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** The platform's `AiGateway`. */
export interface PlatformGateway {
  run(
    data: PlatformRequest | PlatformRequest[],
    options?: {
      gateway?: object;
      extraHeaders?: object | undefined;
      signal?: PlatformSignal | undefined;
    },
  ): Promise<PlatformResponse>;
  getUrl(provider?: string): Promise<string>;
  getLog(logId: string): Promise<PlatformLog>;
  patchLog(logId: string, data: object): Promise<void>;
}

/** The platform's `Ai`: an `ai` binding. */
export interface AiBinding {
  gateway(gatewayId: string, options?: { beta?: boolean }): PlatformGateway;
}

/** An item as the platform's client wants it. */
export interface PlatformRequest {
  provider: string;
  endpoint: string;
  headers: { [name: string]: string | number | boolean | object };
  query: unknown;
}

/**
 * One request in the gateway's log.
 * @see https://developers.cloudflare.com/ai-gateway/usage/worker-binding-methods/
 */
export interface PlatformLog {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly path: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly status_code: number;
  readonly success: boolean;
  readonly cached: boolean;
  readonly created_at: Date;
  readonly tokens_in?: number;
  readonly tokens_out?: number;
  /** US dollars. */
  readonly cost?: number;
}
