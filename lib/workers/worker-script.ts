import type {
  WorkersScriptAssets,
  WorkersScriptConfig,
  WorkersScriptObservability,
} from "@cdktf/provider-cloudflare/lib/workers-script";
import { StagedFiles } from "../staged-files.js";
import { escapeTemplate } from "../terraform-text.js";
import type { WorkerPropsAtSynth } from "./add-from-props.js";
import { type AssetFolder, readAssetFolder } from "./asset-folder.js";
import { declaredAssets } from "./declared-bindings.js";
import type { Worker } from "./worker.js";
import type { WorkerAssets } from "./worker-assets.js";
import type { WorkerBindings } from "./worker-bindings.js";
import { DEFAULT_COMPATIBILITY_DATE, type WorkerObservability } from "./worker-props.js";
import { scriptNameOf } from "./worker-target.js";

/** The module's name in the upload. A fixed one: renaming the bundle is no change of the Worker. */
export const MAIN_MODULE = "worker.js";

/** The script as it starts; code, bindings and assets follow. */
export function renderScript(
  props: WorkerPropsAtSynth,
  accountId: string,
  scriptName: string,
): WorkersScriptConfig {
  const { placement, limits, tailConsumers = [], compatibilityFlags = [] } = props;
  return {
    accountId,
    scriptName,
    mainModule: MAIN_MODULE,
    compatibilityDate: props.compatibilityDate ?? DEFAULT_COMPATIBILITY_DATE,
    compatibilityFlags: [...new Set(compatibilityFlags)].sort(),
    observability: renderObservability(props.observability),
    logpush: props.logpush ?? false,
    // Secrets are sent apart from the script; without this each upload would drop them.
    keepBindings: ["secret_text"],
    ...(placement === undefined ? {} : { placement: { mode: placement.mode } }),
    ...(limits?.cpuMs === undefined ? {} : { limits: { cpuMs: limits.cpuMs } }),
    ...(tailConsumers.length > 0
      ? {
          tailConsumers: tailConsumers.map((consumer: Worker | string) => ({
            service: scriptNameOf(consumer),
          })),
        }
      : {}),
  };
}

/** Stages the assets and names them in the script. @returns what is wrong with the folder */
export function addAssets(
  worker: Worker,
  bindings: WorkerBindings,
  assets: WorkerAssets,
  { declaration }: WorkerPropsAtSynth,
): readonly string[] {
  const folder = readAssetFolder(assets.directory);
  const { script } = worker;
  const staged = new StagedFiles(worker, "Assets");
  staged.setFiles(folder.files);
  script.putAssets(renderAssets(assets, folder, staged.directory));
  if (assets.runWorkerFirst !== undefined) {
    script.addOverride("assets.config.run_worker_first", assets.runWorkerFirst);
  }
  const name = assets.binding ?? declaredAssets(declaration);
  if (name !== undefined) {
    bindings.addBinding(name, { type: "assets" });
  }
  return folder.problems;
}

/** Every field, given or not: one that only the API fills in would be a change in every plan. */
function renderObservability(
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
