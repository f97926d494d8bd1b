import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../../clock.js";
import { sameText } from "../authenticate.js";

/** Cloudflare's tokens of an asset upload are good for an hour. */
export const ASSET_TOKEN_SECONDS = 3600;

export interface AssetTokenClaims {
  readonly session: string;
  /** `upload`: contents may be sent. `complete`: all are there, a script may use them. */
  readonly phase: "upload" | "complete";
}

/**
 * Makes and checks the tokens of asset uploads: JWTs, because Wrangler reads their `exp`. The key is
 * new at each start, as the sessions are.
 */
export class AssetTokens {
  readonly #key = randomBytes(32);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  sign(claims: AssetTokenClaims): string {
    const now = Math.floor(this.#clock.now() / 1000);
    const signed = [
      { alg: "HS256", typ: "JWT" },
      { ...claims, iat: now, exp: now + ASSET_TOKEN_SECONDS },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${signed}.${this.#signature(signed)}`;
  }

  /** @returns undefined for a token that is not ours or is too old. */
  verify(token: string): AssetTokenClaims | undefined {
    const end = token.lastIndexOf(".");
    const signed = token.slice(0, end);
    if (end < 0 || !sameText(token.slice(end + 1), this.#signature(signed))) return undefined;
    const payload = Buffer.from(signed.split(".")[1] ?? "", "base64url").toString("utf8");
    const claims = JSON.parse(payload) as AssetTokenClaims & { exp: number };
    return claims.exp * 1000 > this.#clock.now() ? claims : undefined;
  }

  #signature(signed: string): string {
    return createHmac("sha256", this.#key).update(signed).digest("base64url");
  }
}
