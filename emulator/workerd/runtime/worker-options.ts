import { join } from "node:path";
import { supportedCompatibilityDate } from "miniflare";
import { scriptKey } from "../script-key.js";
import type { ScriptBinding, UploadedScript } from "../uploaded-script.js";
import { renderAiBinding } from "./ai-binding-plugin.js";
import type { RuntimeLogLine, RuntimeSettings } from "./messages.js";
import type { MiniflareWorker } from "./miniflare-worker.js";
import { renderProductBindings, type ScriptNeighbours } from "./product-bindings.js";
import { setAssetContentTypes } from "./repair-assets-plugin.js";
import { renderTails } from "./report-workers.js";
import { stageAssets } from "./stage-assets.js";

export interface WorkerOptionsContext extends ScriptNeighbours {
  readonly settings: RuntimeSettings;
  readonly pluginFile: string;
  /** Folder of this start; its assets are laid out below it. */
  readonly directory: string;
  onNotice(line: RuntimeLogLine): void;
}

/** Renders an upload as a Worker of miniflare. */
export async function renderWorkerOptions(
  script: UploadedScript,
  context: WorkerOptionsContext,
): Promise<MiniflareWorker> {
  const key = scriptKey(script.accountId, script.name);
  // Shown in stack traces, so it says which Worker the line is from.
  const modulesRoot = `/${script.name}`;
  const compatibilityDate = clampCompatibilityDate(script.compatibilityDate);
  if (compatibilityDate !== script.compatibilityDate) {
    context.onNotice({
      key,
      level: "warn",
      text: `the compatibility date ${script.compatibilityDate} is later than the installed workerd; it runs as of ${compatibilityDate}.`,
    });
  }
  return {
    name: key,
    compatibilityDate,
    compatibilityFlags: [...script.compatibilityFlags],
    modulesRoot,
    modules: mainModuleFirst(script).map(({ name, type, content }) => ({
      type,
      path: `${modulesRoot}/${name}`,
      contents:
        type === "CompiledWasm" || type === "Data"
          ? new Uint8Array(content)
          : new TextDecoder().decode(content),
    })),
    bindings: renderVariables(script.bindings),
    unsafeBindings: script.bindings
      .filter(({ type }) => type === "ai")
      .map(({ name }) => renderAiBinding(key, script, name, context.settings, context.pluginFile)),
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    ...renderProductBindings(script, context),
    ...renderTails(script),
    ...(context.settings.containerEngine === undefined
      ? {}
      : { containerEngine: context.settings.containerEngine }),
    ...(await renderAssets(script, key, context)),
  };
}

/** A date later than workerd itself keeps the whole process from starting. */
export function clampCompatibilityDate(date: string): string {
  return date > supportedCompatibilityDate ? supportedCompatibilityDate : date;
}

async function renderAssets(
  { assets, bindings }: UploadedScript,
  key: string,
  context: WorkerOptionsContext,
): Promise<Pick<MiniflareWorker, "assets">> {
  if (assets === undefined) return {};
  setAssetContentTypes(
    key,
    new Map(assets.files.map(({ path, contentType }) => [path.slice(1), contentType])),
  );
  const binding = bindings.find(({ type }) => type === "assets")?.name;
  return { assets: await stageAssets(assets, join(context.directory, key), binding) };
}

/** miniflare takes the first module as the entry, wherever it stood in the upload. */
function mainModuleFirst({ name, mainModule, modules }: UploadedScript) {
  const main = modules.find((module) => module.name === mainModule);
  if (main === undefined) {
    throw new Error(
      `The main module ${JSON.stringify(mainModule)} of Worker "${name}" is not among the uploaded modules: ${modules.map((module) => JSON.stringify(module.name)).join(", ") || "none"}.`,
    );
  }
  return [main, ...modules.filter((module) => module !== main)];
}

function renderVariables(bindings: readonly ScriptBinding[]): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const binding of bindings) {
    if (binding.type === "plain_text" || binding.type === "secret_text") {
      variables[binding.name] = binding.text;
    } else if (binding.type === "json") {
      variables[binding.name] = binding.json;
    }
  }
  return variables;
}
