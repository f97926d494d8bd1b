/** The Terraform providers that can declare a gateway, by the first word of their resources. */
export const gatewayProviders = ["restful", "cloudflare"] as const;
export type GatewayProvider = (typeof gatewayProviders)[number];

export interface CloudflareProps {
  /**
   * The account everything in the stack belongs to.
   * @default the environment's CLOUDFLARE_ACCOUNT_ID
   */
  readonly accountId?: string;

  /**
   * Where Cloudflare's REST API answers.
   * @default the environment's CLOUDFLARE_BASE_URL, or "https://api.cloudflare.com/client/v4"
   */
  readonly baseUrl?: string;

  /**
   * Where Cloudflare's AI gateways answer, before account and gateway.
   * @default the environment's AI_GATEWAY_BASE_URL, or "https://gateway.ai.cloudflare.com/v1"
   */
  readonly aiGatewayBaseUrl?: string;

  /**
   * The account's name below workers.dev: `acme` in `chat.acme.workers.dev`.
   * @default read from the account when the first Worker's `url` is asked for
   */
  readonly workersDevSubdomain?: string;

  /** Version constraints of the two providers. @default what the constructs are tested with */
  readonly providerVersions?: {
    /** @default "~> 0.25.1"; 0.25.2 is what the project is tested with, and the first that imports */
    readonly restful?: string;
    /** @default "5.14.0", what the bindings were made from; "~> 5.22" where it declares gateways */
    readonly cloudflare?: string;
  };

  /**
   * The provider that declares the stack's gateways: `restful` covers every setting and keeps secrets out of the
   * state, `cloudflare` is the provider's own `cloudflare_ai_gateway`. A gateway's own `gatewayProvider` comes first.
   * @default "restful"
   * @see docs/native-provider.md
   */
  readonly gatewayProvider?: GatewayProvider;
}
