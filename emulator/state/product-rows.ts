import type { StateDocument } from "./state-document.js";
import type { StateFile } from "./state-file.js";
import { updateStored } from "./storage-drops.js";
import type { StoredProducts } from "./stored-products.js";

export type ProductName = keyof StoredProducts;
export type ProductRow<Name extends ProductName> = StoredProducts[Name][number];

/** What there is in the account beside the rows of one product. */
export type AccountRows = Pick<StateDocument, "gateways" | "products">;

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
   * @param make pure; gets what there is when its turn comes, and may throw to refuse.
   */
  put(
    make: (rows: readonly ProductRow<Name>[], account: AccountRows) => ProductRow<Name>,
  ): Promise<ProductRow<Name>> {
    return this.#write((rows, account) => {
      const row = make(rows, account);
      const before = find(this.#name, rows, idOf[this.#name](row));
      return [before ? replaced(rows, before, row) : [...rows, row], row];
    });
  }

  /**
   * Changes the row that there is when its turn comes.
   * @param missing throws what a row that is not there is answered with.
   * @param change pure; gets the row and all of them, and may throw to refuse.
   */
  change(
    id: string,
    missing: (id: string) => never,
    change: (row: ProductRow<Name>, rows: readonly ProductRow<Name>[]) => ProductRow<Name>,
  ): Promise<ProductRow<Name>> {
    return this.#write((rows) => {
      const before = find(this.#name, rows, id) ?? missing(id);
      const row = change(before, rows);
      return [replaced(rows, before, row), row];
    });
  }

  /**
   * @param missing throws what a row that is not there is answered with.
   * @param check may throw to keep the row.
   * @returns the row that was.
   */
  remove(
    id: string,
    missing: (id: string) => never,
    check: (row: ProductRow<Name>, account: AccountRows) => void = () => {},
  ): Promise<ProductRow<Name>> {
    return this.#write((rows, account) => {
      const row = find(this.#name, rows, id) ?? missing(id);
      check(row, account);
      return [rows.filter((other) => other !== row), row];
    });
  }

  #write<Result>(
    write: (
      rows: readonly ProductRow<Name>[],
      account: AccountRows,
    ) => readonly [next: readonly ProductRow<Name>[], result: Result],
  ): Promise<Result> {
    return updateStored(this.#file, (state) => {
      const [next, result] = write(state.products[this.#name], state);
      return [{ ...state, products: { ...state.products, [this.#name]: next } }, result];
    });
  }
}

const replaced = <Row>(rows: readonly Row[], before: Row, after: Row): readonly Row[] =>
  rows.map((row) => (row === before ? after : row));

function find<Name extends ProductName>(
  name: Name,
  rows: readonly ProductRow<Name>[],
  id: string,
): ProductRow<Name> | undefined {
  return rows.find((row) => idOf[name](row) === id);
}
