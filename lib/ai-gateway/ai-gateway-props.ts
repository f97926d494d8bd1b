import type { IResolvable } from "cdktf";
import type {
  LogManagementStrategy,
  RateLimitingTechnique,
  RetryBackoff,
} from "../../protocol/gateway-settings.js";
import type { GatewayProvider } from "../cloudflare.js";

/**
 * Settings of a gateway. All are optional, the defaults are the product's. A prop that is removed goes
 * back to its default at the next deploy. Numbers and texts may be tokens.
 *
 * @see https://developers.cloudflare.com/api/resources/ai_gateway/
 */
export interface AiGatewayProps {
  /**
   * Name of the gateway, part of its URL: 1 to 64 characters, lower-case words of letters, digits and
   * `_`, joined by single hyphens. Unique in the account. Another id replaces the gateway and its logs.
   * @default from the construct's path: `chat/gateway` becomes "chat-gateway"
   */
  readonly gatewayId?: string;

  /**
   * The Terraform provider that declares the gateway: `restful` covers every setting and keeps secrets out of the
   * state, `cloudflare` is the provider's own `cloudflare_ai_gateway`. Another one for a gateway that is deployed
   * goes with `moveFrom`.
   * @default the `gatewayProvider` of the stack's `Cloudflare`, which is "restful"
   * @see docs/native-provider.md
   */
  readonly gatewayProvider?: GatewayProvider;

  /**
   * Seconds an answer stays in the cache, 0 or more; 0 turns the cache off. A request's own
   * `cacheTtl` comes before it.
   * @default 0
   * @see https://developers.cloudflare.com/ai-gateway/features/caching/
   */
  readonly cacheTtl?: number;

  /**
   * Whether a change of the gateway's settings empties its cache.
   * @default false
   */
  readonly cacheInvalidateOnUpdate?: boolean | IResolvable;

  /**
   * Requests allowed in each `rateLimitingInterval`, 0 or more; 0 turns the limit off.
   * @default 0
   * @see https://developers.cloudflare.com/ai-gateway/features/rate-limiting/
   */
  readonly rateLimitingLimit?: number;

  /**
   * Seconds over which requests are counted, 0 or more; goes with `rateLimitingLimit`.
   * @default 0
   */
  readonly rateLimitingInterval?: number;

  /**
   * How requests are counted: `fixed` starts anew with each interval, `sliding` looks back one interval
   * from now.
   * @default "fixed"
   */
  readonly rateLimitingTechnique?: RateLimitingTechnique;

  /**
   * Whether requests are logged, with their bodies.
   * @default true
   * @see https://developers.cloudflare.com/ai-gateway/observability/logging/
   */
  readonly collectLogs?: boolean | IResolvable;

  /**
   * Logs kept, 10,000 to 10,000,000.
   * @default 100000
   */
  readonly logManagement?: number;

  /**
   * What happens when `logManagement` logs are kept: no more are stored, or the oldest go.
   * @default "STOP_INSERTING"
   */
  readonly logManagementStrategy?: LogManagementStrategy;

  /**
   * Whether requests must carry a token with the permission "AI Gateway: Run". Workers that are bound to
   * the gateway need none.
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/configuration/authentication/
   */
  readonly authentication?: boolean | IResolvable;

  /**
   * Attempts at a request that fails, the first one included, 1 to 5.
   * @default none: a failed request is not sent again
   */
  readonly retryMaxAttempts?: number;

  /**
   * Milliseconds between attempts, 0 to 60,000; goes with `retryMaxAttempts`.
   * @default none: the product's own
   */
  readonly retryDelay?: number;

  /**
   * How the delay grows from attempt to attempt; goes with `retryMaxAttempts`.
   * @default none: the product's own
   */
  readonly retryBackoff?: RetryBackoff;
}
