import type { IConstruct } from "constructs";

export interface AiGatewayTokenProps {
  /**
   * What the dashboard calls the token, 1 to 120 characters. Changed in place.
   * @default from the construct's path: `chat/token` becomes "chat-token"
   */
  readonly name?: string;

  /**
   * From when on the token is refused, in UTC to the second: "2027-01-31T00:00:00Z". Changed in place.
   * @default never
   */
  readonly expiresOn?: string;

  /**
   * Until when the token is refused, in UTC to the second.
   * @default none: it is good at once
   */
  readonly notBefore?: string;

  /**
   * Who may use the token. Changed in place. Workers call from Cloudflare's addresses.
   * @default everybody who has it
   * @see https://developers.cloudflare.com/fundamentals/api/how-to/restrict-tokens/
   */
  readonly condition?: {
    readonly requestIp?: {
      /** Addresses and CIDR ranges, such as "192.0.2.0/24". @default all */
      readonly in?: readonly string[];
      /** Addresses and CIDR ranges that are left out of `in`. @default none */
      readonly notIn?: readonly string[];
    };
  };

  /**
   * Another text gives the token a new value at the next deploy, and each Worker that has it: "2026-12".
   * @default none
   */
  readonly rotation?: string;

  /**
   * Refuses every plan that would delete the token.
   * @default true in a stage that is production, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** A token, whether this stack declares it or it exists already. */
export interface IAiGatewayToken extends IConstruct {
  /** The id Cloudflare gave it; not its value. */
  readonly tokenId: string;
}
