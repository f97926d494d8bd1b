import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.js";
import type { Products } from "../../state/products.js";
import type {
  PolicyTerms,
  StoredPolicy,
  TimedPolicyTerms,
} from "../../state/stored-gateway-resources.js";
import { GatewayRows } from "../ai-gateway/gateway-rows.js";
import { notFound } from "../ai-gateway/refusals.js";
import { ApiError } from "../api-error.js";

/** The policies of all gateways: what is enforced, and drafts beside it. */
export class PolicyStore {
  readonly #products: Products;
  readonly #rows: GatewayRows<"policies">;
  readonly #clock: Clock;

  constructor(products: Products, clock: Clock) {
    this.#products = products;
    this.#rows = new GatewayRows(products.policies, policyNotFound);
    this.#clock = clock;
  }

  list(gatewayId: string): readonly StoredPolicy[] {
    return this.#rows.list(gatewayId);
  }

  /** @throws {ApiError} 404/7002 */
  find(gatewayId: string, id: string): StoredPolicy {
    return this.#rows.find(gatewayId, id);
  }

  /** @throws {ApiError} 404/7002 when the gateway was deleted meanwhile. */
  create(gatewayId: string, terms: PolicyTerms, commit: boolean): Promise<StoredPolicy> {
    const now = this.#seconds();
    const timed = { ...terms, created_at: now, updated_at: now };
    const id = randomUUID();
    return this.#rows.add(gatewayId, () => ({
      id,
      gateway_id: gatewayId,
      committed: commit ? timed : null,
      draft: commit ? null : timed,
    }));
  }

  /**
   * A change that is committed takes the draft's place, too.
   * @throws {ApiError} 404/7002, or 400/7001 for a policy that was never committed.
   */
  change(
    gatewayId: string,
    id: string,
    change: Partial<PolicyTerms>,
    commit: boolean,
  ): Promise<StoredPolicy> {
    const now = this.#seconds();
    return this.#rows.change(gatewayId, id, (row) => {
      if (!row.committed) {
        const message = `The policy "${row.draft?.name}" is a draft: commit it before it is changed.`;
        throw ApiError.of(400, "validation", message);
      }
      const before = commit ? row.committed : (row.draft ?? row.committed);
      const after: TimedPolicyTerms = { ...before, ...change, updated_at: now };
      return { ...row, committed: commit ? after : row.committed, draft: commit ? null : after };
    });
  }

  /** @throws {ApiError} 404/7002 */
  remove(gatewayId: string, id: string): Promise<StoredPolicy> {
    return this.#rows.remove(gatewayId, id);
  }

  /** All drafts of a gateway, in one write. @returns how many there were. */
  commitAll(gatewayId: string): Promise<number> {
    return this.#products.change(({ products }) => {
      const isDraft = (row: StoredPolicy) => row.gateway_id === gatewayId && row.draft !== null;
      const policies = products.policies.map((row) =>
        isDraft(row) ? { ...row, committed: row.draft, draft: null } : row,
      );
      return [{ ...products, policies }, products.policies.filter(isDraft).length];
    });
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

/** @throws {ApiError} 404/7002 */
export const policyNotFound = (id: string): never =>
  notFound(`The gateway has no policy with the id "${id}".`);
