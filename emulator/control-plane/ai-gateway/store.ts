import type { GatewaySettings } from "../../../protocol/gateway-settings.js";
import type { Clock } from "../../clock.js";
import type { Gateway, GatewayEvent, GatewayLookup } from "../../state/gateway.js";
import { withoutRowsOf } from "../../state/gateway-rows.js";
import { sealGateway, unsealGateway } from "../../state/gateway-secrets.js";
import type { SecretBox } from "../../state/secret-box.js";
import { type StateDocument, withEntry } from "../../state/state-document.js";
import type { StateFile } from "../../state/state-file.js";
import { alreadyExists, gatewayNotFound } from "./refusals.js";

/** Cloudflare makes the gateway of this id by itself; see `is_default`. */
const DEFAULT_GATEWAY_ID = "default";

/** The account's gateways: on disk before a change is answered, read from memory. */
export class GatewayStore implements GatewayLookup {
  readonly #file: StateFile<StateDocument>;
  readonly #clock: Clock;
  readonly #box: SecretBox;
  readonly #listeners = new Set<(event: GatewayEvent) => void>();
  /** By what is stored: the data plane asks at every request. */
  readonly #unsealed = new WeakMap<Gateway, Gateway>();

  constructor(file: StateFile<StateDocument>, clock: Clock, box: SecretBox) {
    this.#file = file;
    this.#clock = clock;
    this.#box = box;
  }

  get(accountId: string, gatewayId: string): Gateway | undefined {
    const { accountId: ours, gateways } = this.#file.current;
    const stored = accountId === ours ? gateways.get(gatewayId) : undefined;
    return stored && this.#unseal(stored);
  }

  /** In the order they were made. */
  list(accountId: string): readonly Gateway[] {
    const { accountId: ours, gateways } = this.#file.current;
    return accountId === ours ? [...gateways.values()].map((stored) => this.#unseal(stored)) : [];
  }

  /** @throws {ApiError} 400/7001 when the id is taken. */
  create(gatewayId: string, settings: GatewaySettings): Promise<Gateway> {
    return this.#file.update((state) => {
      if (state.gateways.has(gatewayId)) {
        alreadyExists(`A gateway with the id "${gatewayId}"`);
      }
      const now = this.#now();
      const gateway: Gateway = {
        id: gatewayId,
        ...this.#seal(gatewayId, settings),
        is_default: gatewayId === DEFAULT_GATEWAY_ID,
        created_at: now,
        modified_at: now,
      };
      const gateways = withEntry(state.gateways, gatewayId, gateway);
      return [{ ...state, gateways }, this.#unseal(gateway)];
    });
  }

  /** Replaces all settings. @throws {ApiError} 404/7002 */
  async update(gatewayId: string, settings: GatewaySettings): Promise<Gateway> {
    const gateway = await this.#file.update((state) => {
      const before = state.gateways.get(gatewayId) ?? gatewayNotFound(gatewayId);
      const sealed = this.#seal(gatewayId, settings);
      const after: Gateway = { ...before, ...sealed, modified_at: this.#now() };
      const gateways = withEntry(state.gateways, gatewayId, after);
      return [{ ...state, gateways }, this.#unseal(after)];
    });
    this.#emit({ type: "updated", accountId: this.#file.current.accountId, gateway });
    return gateway;
  }

  /** With what belongs to it, but its routes. @returns the gateway that was. @throws {ApiError} 404/7002 */
  async delete(gatewayId: string): Promise<Gateway> {
    const gateway = await this.#file.update((state) => {
      const before = state.gateways.get(gatewayId) ?? gatewayNotFound(gatewayId);
      const gateways = withEntry(state.gateways, gatewayId, undefined);
      const products = withoutRowsOf(gatewayId, state.products);
      return [{ ...state, gateways, products }, this.#unseal(before)];
    });
    this.#emit({ type: "deleted", accountId: this.#file.current.accountId, gateway });
    return gateway;
  }

  subscribe(listener: (event: GatewayEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #seal(gatewayId: string, settings: GatewaySettings): GatewaySettings {
    return sealGateway(this.#box, gatewayId, settings);
  }

  #unseal(stored: Gateway): Gateway {
    const known = this.#unsealed.get(stored);
    if (known) return known;
    const gateway = unsealGateway(this.#box, stored.id, stored);
    this.#unsealed.set(stored, gateway);
    return gateway;
  }

  #emit(event: GatewayEvent): void {
    for (const listener of this.#listeners) {
      // The change is on disk and acknowledged; what somebody derives from it must not undo that.
      try {
        listener(event);
      } catch (error) {
        process.emitWarning(error as Error);
      }
    }
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
