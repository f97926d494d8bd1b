import type { Clock } from "../clock.js";
import type { Products } from "../state/products.js";
import type { StoredProduct, WorkerHost } from "../workerd/uploaded-script.js";
import type { Deployments } from "./workers/deployments.js";
import type { ScriptStore } from "./workers/store.js";

/** What the routes of a product beside Workers and AI Gateway are made of. */
export interface ProductOptions {
  readonly products: Products;
  readonly scripts: ScriptStore;
  readonly deployments: Deployments;
  readonly workers: WorkerHost;
  readonly clock: Clock;
  /**
   * Removes what a deleted product stored; to be awaited after a deletion, and before its name is
   * used again.
   */
  readonly dropStorage: (product: StoredProduct, key: string) => Promise<void>;
  /** Takes what a person should know about a product that is emulated in part. */
  readonly log: (line: string) => void;
}

/** Now, as the API shows times. */
export const timestamp = (clock: Clock): string => new Date(clock.now()).toISOString();
