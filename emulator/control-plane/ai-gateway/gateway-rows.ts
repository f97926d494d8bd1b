import type {
  AccountRows,
  ProductName,
  ProductRow,
  ProductRows,
} from "../../state/product-rows.js";
import { gatewayNotFound } from "./refusals.js";

/** The products whose rows say which gateway they belong to. */
type Name = {
  [Any in ProductName]: ProductRow<Any> extends { readonly gateway_id: string } ? Any : never;
}[ProductName];

/** The rows of one product as the routes below a gateway see them: those of that gateway. */
export class GatewayRows<Product extends Name> {
  readonly #rows: ProductRows<Product>;
  readonly #missing: (id: string) => never;

  /** @param missing throws what a row that is not there is answered with. */
  constructor(rows: ProductRows<Product>, missing: (id: string) => never) {
    this.#rows = rows;
    this.#missing = missing;
  }

  /** In the order they were made. */
  list(gatewayId: string): readonly ProductRow<Product>[] {
    return this.#rows.list().filter((row) => row.gateway_id === gatewayId);
  }

  /** @throws {ApiError} when there is none, also when it is another gateway's. */
  find(gatewayId: string, id: string): ProductRow<Product> {
    const row = this.#rows.get(id);
    return row?.gateway_id === gatewayId ? row : this.#missing(id);
  }

  /**
   * @param make pure; gets the gateway's rows and all there is when its turn comes, and may throw to refuse.
   * @throws {ApiError} 404/7002 when the gateway was deleted meanwhile.
   */
  add(
    gatewayId: string,
    make: (siblings: readonly ProductRow<Product>[], account: AccountRows) => ProductRow<Product>,
  ): Promise<ProductRow<Product>> {
    return this.#rows.put((rows, account) => {
      if (!account.gateways.has(gatewayId)) gatewayNotFound(gatewayId);
      return make(
        rows.filter((row) => row.gateway_id === gatewayId),
        account,
      );
    });
  }

  /** @param change pure; gets the row and the gateway's other ones, and may throw to refuse. */
  change(
    gatewayId: string,
    id: string,
    change: (
      row: ProductRow<Product>,
      siblings: readonly ProductRow<Product>[],
    ) => ProductRow<Product>,
  ): Promise<ProductRow<Product>> {
    return this.#rows.change(id, this.#missing, (row, rows) => {
      if (row.gateway_id !== gatewayId) this.#missing(id);
      return change(
        row,
        rows.filter((other) => other.gateway_id === gatewayId && other !== row),
      );
    });
  }

  /** @param check may throw to keep the row. @returns the row that was. */
  remove(
    gatewayId: string,
    id: string,
    check: (account: AccountRows) => void = () => {},
  ): Promise<ProductRow<Product>> {
    return this.#rows.remove(id, this.#missing, (row, account) => {
      if (row.gateway_id !== gatewayId) this.#missing(id);
      check(account);
    });
  }
}
