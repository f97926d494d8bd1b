import type { StateDocument } from "./state-document.js";
import type { StateFile } from "./state-file.js";
import { updateStored } from "./storage-drops.js";
import type { StoredProducts } from "./stored-products.js";

export type ProductName = keyof StoredProducts;
export type ProductRow<Name extends ProductName> = StoredProducts[Name][number];

/** What identifies a row of a product to the REST API. */
const idOf: { readonly [Name in ProductName]: (row: ProductRow<Name>) => string } = {
  kv_namespaces: ({ id }) => id,
  r2_buckets: ({ name }) => name,
  d1_databases: ({ uuid }) => uuid,
  queues: ({ queue_id }) => queue_id,
  workflows: ({ name }) => name,
  routes: ({ id }) => id,
  domains: ({ id }) => id,
  secret_stores: ({ id }) => id,
  provider_configs: ({ id }) => id,
  account_tokens: ({ id }) => id,
  container_applications: ({ id }) => id,
  container_images: ({ name }) => name,
  worker_shells: ({ name }) => name,
  custom_providers: ({ id }) => id,
  gateway_domains: ({ hostname }) => hostname,
  datasets: ({ id }) => id,
  evaluations: ({ id }) => id,
  policies: ({ id }) => id,
  dynamic_routes: ({ id }) => id,
};

/** The rows of one product: on disk before a change is answered, read from memory. */
export class ProductRows<Name extends ProductName> {
  readonly #file: StateFile<StateDocument>;
  readonly #name: Name;

  constructor(file: StateFile<StateDocument>, name: Name) {
    this.#file = file;
    this.#name = name;
  }

  get(id: string): ProductRow<Name> | undefined {
    return find(this.#name, this.list(), id);
  }

  /** In the order they were made. */
  list(): readonly ProductRow<Name>[] {
    return this.#file.current.products[this.#name];
  }

  /**
   * Adds a row, or replaces the one of the same id.
   * @param make pure; gets every row there is when its turn comes, and may throw to refuse.
   */
  put(make: (rows: readonly ProductRow<Name>[]) => ProductRow<Name>): Promise<ProductRow<Name>> {
    return this.#change((rows) => {
      const row = make(rows);
      const before = find(this.#name, rows, idOf[this.#name](row));
      const next = before ? rows.map((other) => (other === before ? row : other)) : [...rows, row];
      return [next, row];
    });
  }

  /**
   * @param missing throws what a row that is not there is answered with.
   * @returns the row that was.
   */
  remove(id: string, missing: (id: string) => never): Promise<ProductRow<Name>> {
    return this.#change((rows) => {
      const row = find(this.#name, rows, id) ?? missing(id);
      return [rows.filter((other) => other !== row), row];
    });
  }

  #change<Result>(
    change: (
      rows: readonly ProductRow<Name>[],
    ) => readonly [next: readonly ProductRow<Name>[], result: Result],
  ): Promise<Result> {
    return updateStored(this.#file, (state) => {
      const [next, result] = change(state.products[this.#name]);
      return [{ ...state, products: { ...state.products, [this.#name]: next } }, result];
    });
  }
}

function find<Name extends ProductName>(
  name: Name,
  rows: readonly ProductRow<Name>[],
  id: string,
): ProductRow<Name> | undefined {
  return rows.find((row) => idOf[name](row) === id);
}
