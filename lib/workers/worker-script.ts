import type {
  WorkersScriptAssets,
  WorkersScriptObservability,
} from "@cdktf/provider-cloudflare/lib/workers-script";
import { escapeTemplate } from "../terraform-text.js";
import type { AssetFolder } from "./asset-folder.js";
import type { WorkerAssets, WorkerObservability } from "./worker-props.js";

/** The module's name in the upload. A fixed one: renaming the bundle is no change of the Worker. */
export const MAIN_MODULE = "worker.js";

/** Every field, given or not: one that only the API fills in would be a change in every plan. */
export function renderObservability(
  observability: WorkerObservability | undefined,
): WorkersScriptObservability {
  const enabled = observability === undefined ? false : (observability.enabled ?? true);
  const { logs } = observability ?? {};
  return {
    enabled,
    headSamplingRate: observability?.headSamplingRate ?? 1,
    logs: {
      enabled: logs?.enabled ?? enabled,
      invocationLogs: logs?.invocationLogs ?? true,
      headSamplingRate: logs?.headSamplingRate ?? 1,
      persist: logs?.persist ?? true,
    },
  };
}

/**
 * The assets as the provider takes them, but for `run_worker_first`, which the generated class cannot
 * write.
 */
export function renderAssets(
  { htmlHandling, notFoundHandling }: WorkerAssets,
  { headers, redirects }: AssetFolder,
  directory: string,
): WorkersScriptAssets {
  return {
    directory,
    config: {
      ...(headers === undefined ? {} : { headers: escapeTemplate(headers) }),
      ...(redirects === undefined ? {} : { redirects: escapeTemplate(redirects) }),
      htmlHandling: htmlHandling ?? "auto-trailing-slash",
      notFoundHandling: notFoundHandling ?? "none",
    },
  };
}
