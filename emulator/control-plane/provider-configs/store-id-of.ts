import type { Gateway } from "../../state/gateway.js";

/** The Secrets Store a gateway takes its providers' keys from; empty where it has none. */
export const storeIdOf = (gateway: Gateway): string => {
  const { store_id } = gateway as Gateway & { readonly store_id?: string | null };
  return store_id ?? "";
};
