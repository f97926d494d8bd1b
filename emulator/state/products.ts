import { type AccountRows, ProductRows } from "./product-rows.js";
import type { StateDocument } from "./state-document.js";
import type { StateFile } from "./state-file.js";
import { updateStored } from "./storage-drops.js";

/** The account's products beside Workers and AI Gateway. */
export class Products {
  readonly kvNamespaces: ProductRows<"kv_namespaces">;
  readonly r2Buckets: ProductRows<"r2_buckets">;
  readonly d1Databases: ProductRows<"d1_databases">;
  readonly queues: ProductRows<"queues">;
  readonly workflows: ProductRows<"workflows">;
  readonly routes: ProductRows<"routes">;
  readonly domains: ProductRows<"domains">;
  readonly secretStores: ProductRows<"secret_stores">;
  readonly providerConfigs: ProductRows<"provider_configs">;
  readonly accountTokens: ProductRows<"account_tokens">;
  readonly containerApplications: ProductRows<"container_applications">;
  readonly containerImages: ProductRows<"container_images">;
  readonly workerShells: ProductRows<"worker_shells">;
  readonly customProviders: ProductRows<"custom_providers">;
  readonly gatewayDomains: ProductRows<"gateway_domains">;
  readonly datasets: ProductRows<"datasets">;
  readonly evaluations: ProductRows<"evaluations">;
  readonly policies: ProductRows<"policies">;
  readonly dynamicRoutes: ProductRows<"dynamic_routes">;

  readonly #file: StateFile<StateDocument>;

  constructor(file: StateFile<StateDocument>) {
    this.#file = file;
    this.kvNamespaces = new ProductRows(file, "kv_namespaces");
    this.r2Buckets = new ProductRows(file, "r2_buckets");
    this.d1Databases = new ProductRows(file, "d1_databases");
    this.queues = new ProductRows(file, "queues");
    this.workflows = new ProductRows(file, "workflows");
    this.routes = new ProductRows(file, "routes");
    this.domains = new ProductRows(file, "domains");
    this.secretStores = new ProductRows(file, "secret_stores");
    this.providerConfigs = new ProductRows(file, "provider_configs");
    this.accountTokens = new ProductRows(file, "account_tokens");
    this.containerApplications = new ProductRows(file, "container_applications");
    this.containerImages = new ProductRows(file, "container_images");
    this.workerShells = new ProductRows(file, "worker_shells");
    this.customProviders = new ProductRows(file, "custom_providers");
    this.gatewayDomains = new ProductRows(file, "gateway_domains");
    this.datasets = new ProductRows(file, "datasets");
    this.evaluations = new ProductRows(file, "evaluations");
    this.policies = new ProductRows(file, "policies");
    this.dynamicRoutes = new ProductRows(file, "dynamic_routes");
  }

  /**
   * Changes rows of several products in one write.
   * @param change pure; gets what there is when its turn comes, and may throw to refuse.
   */
  change<Result>(
    change: (account: AccountRows) => readonly [next: AccountRows["products"], result: Result],
  ): Promise<Result> {
    return updateStored(this.#file, (state) => {
      const [products, result] = change(state);
      return [{ ...state, products }, result];
    });
  }
}
