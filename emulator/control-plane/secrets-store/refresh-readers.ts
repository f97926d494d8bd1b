import type { ProductOptions } from "../product-options.js";

/** A secret that was removed must not stay in the Workers that read it; one made again must get there. */
export async function refreshReaders(
  { scripts, deployments }: Pick<ProductOptions, "scripts" | "deployments">,
  storeId: string,
): Promise<void> {
  for (const { name, bindings } of scripts.list()) {
    const reads = bindings.some(
      (binding) => binding.type === "secrets_store_secret" && binding.store_id === storeId,
    );
    if (reads) await deployments.refresh(name);
  }
}
