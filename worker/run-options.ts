import type { RetryBackoff } from "../protocol/gateway-settings.js";
import type { PlatformSignal } from "./platform.js";

/** Providers with a native endpoint; any other slug, such as `custom-acme`, is allowed as well. */
export type AiGatewayProvider =
  | "workers-ai"
  | "anthropic"
  | "aws-bedrock"
  | "azure-openai"
  | "google-vertex-ai"
  | "huggingface"
  | "openai"
  | "perplexity-ai"
  | "replicate"
  | "groq"
  | "cohere"
  | "google-ai-studio"
  | "mistral"
  | "grok"
  | "openrouter"
  | "deepseek"
  | "cerebras"
  | "cartesia"
  | "elevenlabs"
  | "adobe-firefly"
  // Keeps the names above in the editor's completion, which a plain `string` would swallow.
  | (string & Record<never, never>);

/** One provider call; several in an array are tried in order until one succeeds. */
export interface AiGatewayRequest {
  readonly provider: AiGatewayProvider;
  /** Path below the provider's base, such as `chat/completions`; a model's name for `workers-ai`. */
  readonly endpoint: string;
  /**
   * Headers for the provider, its key among them. Objects travel as JSON.
   * @default no headers
   */
  readonly headers?: Readonly<Record<string, string | number | boolean | object>>;
  /** Body for the provider, in the provider's own words. */
  readonly query: unknown;
}

/** Settings of one `run`; each beats the gateway's setting of the same meaning. */
export interface AiGatewayRunOptions {
  /**
   * Seconds the answer stays in the cache, 60 to one month; `0` keeps it out.
   * @default the gateway's `cacheTtl`
   * @see https://developers.cloudflare.com/ai-gateway/features/caching/
   */
  readonly cacheTtl?: number;
  /**
   * `true`: asks the provider whatever the cache holds.
   * @default false
   */
  readonly skipCache?: boolean;
  /**
   * Takes the place of the key made from the request: equal keys share an answer. Not empty.
   * @default made from the request
   */
  readonly cacheKey?: string;
  /**
   * Shown with the request in the log. The gateway keeps the first five entries and drops keys that
   * start with `cf.`.
   * @default none
   */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
  /**
   * Whether the request is logged.
   * @default the gateway's `collectLogs`
   */
  readonly collectLog?: boolean;
  /**
   * The caller's own id of the event; comes back in the response's facts.
   * @default made by the gateway
   */
  readonly eventId?: string;
  /**
   * Milliseconds a provider has until the first byte of its answer; then the next one is tried, or
   * the request fails.
   * @default no limit
   */
  readonly requestTimeoutMs?: number;
  /**
   * What the gateway does when a provider fails.
   * @default the gateway's retry settings
   */
  readonly retries?: AiGatewayRetries;
  /**
   * More headers for the gateway, such as `cf-aig-byok-alias`; they beat the options above.
   * @default none
   */
  readonly extraHeaders?: Readonly<Record<string, string>>;
  /**
   * Ends the call. Pass the incoming request's `signal`, and who leaves stops the provider too.
   * @default the call ends by itself
   */
  readonly signal?: PlatformSignal;
}

export interface AiGatewayRetries {
  /**
   * Attempts per provider, the first one included.
   * @default the gateway's `retryMaxAttempts`
   */
  readonly maxAttempts?: 1 | 2 | 3 | 4 | 5;
  /**
   * Milliseconds between attempts, 0 to 5,000.
   * @default the gateway's `retryDelay`
   */
  readonly retryDelayMs?: number;
  /**
   * How the delay grows.
   * @default the gateway's `retryBackoff`
   */
  readonly backoff?: RetryBackoff;
}

/** What may be changed on a logged request; `null` takes a value away. */
export interface AiGatewayLogPatch {
  /** Thumb up or down. */
  readonly feedback?: 1 | -1 | null;
  readonly score?: number | null;
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | null;
}
