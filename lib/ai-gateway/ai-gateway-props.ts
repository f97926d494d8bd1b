import type { IResolvable } from "cdktf";
import type {
  LogManagementStrategy,
  RateLimitingTechnique,
  RetryBackoff,
  WorkersAiBillingMode,
} from "../../protocol/gateway-settings.js";
import type { GatewayProvider } from "../cloudflare-props.js";
import type { Dlp } from "./settings/dlp.js";
import type { Guardrails } from "./settings/guardrails.js";
import type { OtelExporter } from "./settings/otel.js";
import type { SpendLimit } from "./settings/spend-limits.js";
import type { StripeUsage } from "./settings/stripe.js";

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
   * @see docs/ai-gateway.md#another-id
   */
  readonly gatewayId?: string;

  /**
   * The Terraform provider that declares the gateway: `restful` covers every setting and keeps secrets out of the
   * state, `cloudflare` is the provider's own `cloudflare_ai_gateway`. Another one for a gateway that is deployed
   * goes with a call of `importFrom()`.
   * @default the `gatewayProvider` of the stack's `Cloudflare`, which is "restful"
   * @see docs/native-provider.md
   */
  readonly gatewayProvider?: GatewayProvider;

  /**
   * Whether plans that would delete or replace the gateway are refused. Set it to false and deploy before
   * you remove, rename or destroy the gateway.
   * @default true in a stage that is production, otherwise false
   */
  readonly deletionProtection?: boolean;

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
   * Milliseconds between attempts, 0 to 60,000; goes with `retryMaxAttempts`. The dashboard and a
   * request's own header stop at 5,000.
   * @default none: the product's own
   */
  readonly retryDelay?: number;

  /**
   * How the delay grows from attempt to attempt; goes with `retryMaxAttempts`.
   * @default none: the product's own
   */
  readonly retryBackoff?: RetryBackoff;

  /**
   * Whether requests need a provider key of yours, sent along or stored with the gateway: none is paid with
   * the account's credits instead. Needs `storeId`. Workers AI is exempt.
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/features/unified-billing/
   */
  readonly byokOnly?: boolean | IResolvable;

  /**
   * Data loss prevention: `{ action, profiles }` for all, or `{ policies: […] }`.
   * @default off
   * @see https://developers.cloudflare.com/ai-gateway/features/dlp/
   */
  readonly dlp?: Dlp;

  /**
   * Categories of hazard that are flagged or blocked, in prompts and in responses. Stops streaming: an answer
   * is read as a whole.
   * @default off
   * @see https://developers.cloudflare.com/ai-gateway/features/guardrails/
   */
  readonly guardrails?: Guardrails;

  /**
   * Whether logged requests are sorted into classes. Needs `collectLogs`.
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/observability/log-classification/
   */
  readonly logClassification?: boolean | IResolvable;

  /**
   * Whether logs are handed to the account's Logpush jobs, encrypted for `logpushPublicKey`.
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/observability/logging/logpush/
   */
  readonly logpush?: boolean | IResolvable;

  /**
   * RSA public key in PEM that pushed logs are encrypted for; goes with `logpush`.
   * @default none
   */
  readonly logpushPublicKey?: string;

  /**
   * Where traces of requests are sent.
   * @default nowhere
   * @see https://developers.cloudflare.com/ai-gateway/observability/otel-integration/
   */
  readonly otel?: readonly OtelExporter[];

  /**
   * Budgets in US dollars, at most 20. Requests above one are refused.
   * @default none
   * @see https://developers.cloudflare.com/ai-gateway/features/spend-limits/
   */
  readonly spendLimits?: readonly SpendLimit[];

  /**
   * Id of the Secrets Store that holds the gateway's provider keys.
   * @default "", no store
   * @see https://developers.cloudflare.com/ai-gateway/configuration/bring-your-own-keys/
   */
  readonly storeId?: string;

  /**
   * Usage events that are sent to Stripe.
   * @default none
   */
  readonly stripe?: StripeUsage;

  /**
   * Who bills Workers AI's models: `postpaid` is Workers AI itself, `unified` takes it from the gateway's
   * credits.
   * @default "postpaid"
   */
  readonly workersAiBillingMode?: WorkersAiBillingMode;

  /**
   * Whether requests that are paid with the account's credits go to providers that keep nothing
   * ("zero data retention").
   * @default false
   * @see https://developers.cloudflare.com/ai-gateway/features/unified-billing/
   */
  readonly zdr?: boolean | IResolvable;
}
