import type { IConstruct } from "constructs";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import type { SecretText } from "../secret-text.js";

/** A secret that is in the gateway's Secrets Store already. */
export interface StoredProviderSecret {
  /**
   * Its id in the store. It must carry the scope `ai_gateway` and the name that `ProviderKey.secretName` gives.
   */
  readonly secretId: string;
}

export interface ProviderKeyProps {
  /** The gateway that asks the provider with the key. Another one replaces the key. */
  readonly gateway: IAiGateway;

  /**
   * The provider's name in URLs, such as "openai", "anthropic" or "custom-mine". Another one replaces the key.
   * @see https://developers.cloudflare.com/ai-gateway/usage/providers/
   */
  readonly providerSlug: string;

  /**
   * The provider's API key, or which secret of the store holds it. For "aws-bedrock" the value is JSON:
   * `{"accessKeyId":"…","secretAccessKey":"…","region":"…"}`, with `sessionToken` where there is one.
   */
  readonly secret: SecretText | StoredProviderSecret;

  /**
   * Tells several keys of one provider apart: 1 to 64 letters, digits, "_" and "-". A request names it in
   * `cf-aig-byok-alias`. Another alias is another key.
   * @default "default", which is used where a request names none
   * @see https://developers.cloudflare.com/ai-gateway/configuration/bring-your-own-keys/
   */
  readonly alias?: string;

  /**
   * Whether it is the provider's default key at this gateway. A change deletes the key and makes it again.
   * @default true for the alias "default", otherwise false
   */
  readonly defaultConfig?: boolean;

  /**
   * Requests allowed with this key in each `rateLimitPeriod`, 1 or more. A change deletes the key and makes it
   * again.
   * @default none: no limit
   */
  readonly rateLimit?: number;

  /**
   * Seconds over which requests are counted, 1 or more; goes with `rateLimit`.
   * @default 60
   */
  readonly rateLimitPeriod?: number;

  /**
   * The Secrets Store the secret is put into; the gateway must use the same one. Another one replaces the secret.
   * @default the `storeId` of the gateway, which a gateway of another stack does not tell
   */
  readonly storeId?: string;

  /**
   * Refuses every plan that would remove the key. Settings can still be changed.
   * @default true in a stage that is production, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** A provider's key, whether this stack declares it or it exists already. */
export interface IProviderKey extends IConstruct {
  /** The id Cloudflare gave its provider config. */
  readonly providerConfigId: string;
}
