import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.js";
import type { Products } from "../../state/products.js";
import type {
  PolicyTerms,
  StoredPolicy,
  TimedPolicyTerms,
} from "../../state/stored-gateway-resources.js";
import { ApiError } from "../api-error.js";

/** The policies of all gateways: what is enforced, and drafts beside it. */
export class PolicyStore {
  readonly #rows: Products["policies"];
  readonly #clock: Clock;

  constructor({ policies }: Pick<Products, "policies">, clock: Clock) {
    this.#rows = policies;
    this.#clock = clock;
  }

  list(gatewayId: string): readonly StoredPolicy[] {
    return this.#rows.list().filter((row) => row.gateway_id === gatewayId);
  }

  /** @throws {ApiError} 404/7002 */
  get(gatewayId: string, id: string): StoredPolicy {
    return find(this.#rows.list(), gatewayId, id);
  }

  create(gatewayId: string, terms: PolicyTerms, commit: boolean): Promise<StoredPolicy> {
    const now = this.#seconds();
    const timed = { ...terms, created_at: now, updated_at: now };
    const id = randomUUID();
    return this.#rows.put(() => ({
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
    return this.#rows.put((rows) => {
      const row = find(rows, gatewayId, id);
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
    find(this.#rows.list(), gatewayId, id);
    return this.#rows.remove(id, notFound);
  }

  /** @returns what was committed. */
  async commitAll(gatewayId: string): Promise<readonly StoredPolicy[]> {
    const drafts = this.list(gatewayId).filter(({ draft }) => draft);
    return Promise.all(
      drafts.map(({ id }) =>
        this.#rows.put((rows) => {
          const row = find(rows, gatewayId, id);
          return { ...row, committed: row.draft ?? row.committed, draft: null };
        }),
      ),
    );
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

function find(rows: readonly StoredPolicy[], gatewayId: string, id: string): StoredPolicy {
  return rows.find((row) => row.id === id && row.gateway_id === gatewayId) ?? notFound(id);
}

export function notFound(id: string): never {
  throw ApiError.of(404, "notFound", "Not Found", `The gateway has no policy with the id "${id}".`);
}
