import { createHash, timingSafeEqual } from "node:crypto";
import { programName } from "../program-name.js";
import { ApiError } from "./api-error.js";

/** By these words one emulator knows another. */
export const EMULATOR_TOKEN_HINT = "The emulator takes only its own token";

/**
 * Cloudflare answers 403 with code 10000 to a token that is wrong, and to a good one that has no
 * right to the account; its documentation names no other status for that code.
 *
 * @param mayCall whether another token than the emulator's own has the right to this request.
 * @throws {ApiError} 403/10000
 */
export function authenticate(
  request: Request,
  apiToken: string,
  mayCall: (token: string) => boolean = () => false,
): void {
  const token = readBearer(request) ?? "";
  if (sameText(token, apiToken) || mayCall(token)) return;
  throw ApiError.of(
    403,
    "authentication",
    "Authentication error",
    `${EMULATOR_TOKEN_HINT}, as \`Authorization: Bearer …\`. ` +
      `\`${programName("")}\` prints it; \`${programName("<command>")}\` sets it for a command.`,
  );
}

/** @throws {ApiError} when the account in the path is not the emulator's. */
export function checkAccount(accountId: string, ours: string): void {
  if (accountId === ours) return;
  const hint = `The emulator has one account: ${ours} (CLOUDFLARE_ACCOUNT_ID).`;
  if (/^[0-9a-f]{32}$/.test(accountId)) {
    throw ApiError.of(403, "authentication", "Authentication error", hint);
  }
  throw ApiError.of(
    400,
    "noRoute",
    `Could not route to /accounts/${accountId}, perhaps your object identifier is invalid?`,
    hint,
  );
}

/** The token of an `Authorization: Bearer` header. */
export function readBearer(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** Takes the same time wherever the two differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
