import type { CustomProvider, CustomProviderLookup } from "../upstreams/custom-upstreams.js";
import type { Products } from "./products.js";
import type { State } from "./state.js";
import type { StoredCustomProvider } from "./stored-gateway-resources.js";

/** Where sealed headers belong. */
export const headersContext = (id: string): string => `custom provider ${id}`;

/** The account's custom providers that are enabled, for the data plane. */
export function lookUpCustomProviders(
  { customProviders }: Pick<Products, "customProviders">,
  secretBox: State["secretBox"],
): CustomProviderLookup {
  const opened = new WeakMap<StoredCustomProvider, CustomProvider>();
  const open = (row: StoredCustomProvider): CustomProvider => {
    const headers =
      row.sealed_headers === null
        ? {}
        : JSON.parse(secretBox.unseal(row.sealed_headers, headersContext(row.id)));
    const provider = { baseUrl: row.base_url, headers };
    opened.set(row, provider);
    return provider;
  };
  return {
    get: (slug) => {
      const row = customProviders.list().find((one) => one.slug === slug && one.enable);
      return row && (opened.get(row) ?? open(row));
    },
  };
}
