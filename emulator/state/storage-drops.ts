import { EmulatorError } from "../emulator-error.js";
import type { StoredProduct } from "../workerd/uploaded-script.js";
import type { StateDocument } from "./state-document.js";
import type { StateFile } from "./state-file.js";

/** Content inside workerd that belongs to nothing the account still has. */
export interface StorageDrop {
  readonly product: StoredProduct;
  readonly key: string;
}

/** Everything of a document that workerd stores content for. */
function stored({ scripts, products }: StateDocument): readonly StorageDrop[] {
  const of = (product: StoredProduct, keys: readonly string[]) =>
    keys.map((key) => ({ product, key }));
  const classes = [...scripts.values()].flatMap((script) => script.classes);
  return [
    ...of(
      "durable_object",
      classes.map(({ namespace_id }) => namespace_id),
    ),
    ...of(
      "kv",
      products.kv_namespaces.map(({ id }) => id),
    ),
    ...of(
      "r2",
      products.r2_buckets.map(({ name }) => name),
    ),
    ...of(
      "d1",
      products.d1_databases.map(({ uuid }) => uuid),
    ),
    ...of(
      "queue",
      products.queues.map(({ queue_name }) => queue_name),
    ),
    ...of(
      "workflow",
      products.workflows.map(({ name }) => name),
    ),
  ];
}

const idOf = ({ product, key }: StorageDrop): string => `${product} ${key}`;

/**
 * Changes the document; whatever it then has no more is noted in the same write, so that a kill
 * before the content is removed does not bring it back under a name that is used again.
 */
export function updateStored<Result>(
  file: StateFile<StateDocument>,
  change: (state: StateDocument) => readonly [next: StateDocument, result: Result],
): Promise<Result> {
  return file.update((state) => {
    const [next, result] = change(state);
    const kept = new Set(stored(next).map(idOf));
    const lost = [...state.storageDrops, ...stored(state)].filter((one) => !kept.has(idOf(one)));
    const storageDrops = [...new Map(lost.map((one) => [idOf(one), one])).values()];
    return [{ ...next, storageDrops }, result];
  });
}

/** Removes what is noted, in workerd and then in the note. */
export class StorageDrops {
  readonly #file: StateFile<StateDocument>;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(file: StateFile<StateDocument>) {
    this.#file = file;
  }

  list(): readonly StorageDrop[] {
    return this.#file.current.storageDrops;
  }

  /**
   * Removes content, if it is noted; waits for whoever is at it already. To be called after a
   * deletion, and before a name is used again.
   * @throws {EmulatorError} when it cannot be removed; it stays noted.
   */
  carryOut(
    workers: { dropStorage(product: StoredProduct, key: string): Promise<void> },
    product: StoredProduct,
    key: string,
  ): Promise<void> {
    const id = idOf({ product, key });
    const before = this.#underWay.get(id);
    if (before) return before;
    if (!this.list().some((one) => idOf(one) === id)) return Promise.resolve();
    const work = workers
      .dropStorage(product, key)
      .catch((error: Error) => {
        throw new EmulatorError(
          `What the deleted ${product} "${key}" stored cannot be removed, which is tried again when the name is used again and at the next start: ${error.message}`,
        );
      })
      .then(() => this.#forget(id))
      .finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, work);
    return work;
  }

  /** Removes what an emulator that was killed has left. */
  async carryOutAll(
    workers: { dropStorage(product: StoredProduct, key: string): Promise<void> },
    log: (line: string) => void,
  ): Promise<void> {
    for (const { product, key } of this.list()) {
      await this.carryOut(workers, product, key).catch((error: Error) => log(error.message));
    }
  }

  #forget(id: string): Promise<void> {
    return this.#file.update((state) => [
      { ...state, storageDrops: state.storageDrops.filter((one) => idOf(one) !== id) },
      undefined,
    ]);
  }
}
