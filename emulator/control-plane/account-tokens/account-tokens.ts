import { createHash } from "node:crypto";
import { BlockList, isIPv6 } from "node:net";
import type { Clock } from "../../clock.js";
import type { Products } from "../../state/products.js";
import type { StoredAccountToken } from "../../state/stored-products.js";
import { findPermissionGroup, RUN_GROUP_ID } from "./permission-groups.js";

export type TokenStatus = "active" | "disabled" | "expired";

/** Decides what a token that the account owns may do, now. */
export class AccountTokens {
  readonly #products: Pick<Products, "accountTokens">;
  readonly #clock: Clock;

  constructor(products: Pick<Products, "accountTokens">, clock: Clock) {
    this.#products = products;
    this.#clock = clock;
  }

  /** The token with this value, whatever its status; a rolled value is nobody's. */
  find(value: string): StoredAccountToken | undefined {
    const hash = hashToken(value);
    return this.#products.accountTokens.list().find(({ value_sha256 }) => value_sha256 === hash);
  }

  statusOf({ status, expires_on }: StoredAccountToken): TokenStatus {
    const expired = expires_on !== undefined && Date.parse(expires_on) <= this.#clock.now();
    return expired ? "expired" : status;
  }

  /** Whether the value lets somebody ask an authenticated gateway. */
  mayRun(value: string, address: string | undefined): boolean {
    const token = this.find(value);
    return (
      token !== undefined &&
      this.#isUsable(token, address) &&
      token.permission_group_ids.some((id) => id === RUN_GROUP_ID)
    );
  }

  /** Whether the value lets somebody make a request to the REST API. */
  mayCall(value: string, method: string, pathBelowAccount: string): boolean {
    const token = this.find(value);
    // A REST call comes from this machine: the server listens on loopback only.
    if (!token || !this.#isUsable(token, "127.0.0.1")) return false;
    // Every token may ask what it is.
    if (method === "GET" && pathBelowAccount === "/tokens/verify") return true;
    return token.permission_group_ids.some((id) =>
      findPermissionGroup(id)?.allows(method, pathBelowAccount),
    );
  }

  #isUsable(token: StoredAccountToken, address: string | undefined): boolean {
    const begun =
      token.not_before === undefined || Date.parse(token.not_before) <= this.#clock.now();
    return begun && this.statusOf(token) === "active" && comesFrom(token, address);
  }
}

export const hashToken = (value: string): string =>
  createHash("sha256").update(value).digest("hex");

function comesFrom({ condition }: StoredAccountToken, address: string | undefined): boolean {
  const { in: allowed, not_in: refused } = condition?.request_ip ?? {};
  if (!allowed && !refused) return true;
  if (address === undefined) return false;
  return (!allowed || isIn(allowed, address)) && !(refused && isIn(refused, address));
}

function isIn(ranges: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    const family = isIPv6(network) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  const plain = address.replace(/^::ffff:/, "");
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}
