import { PLUGINS, type Service } from "miniflare";
import type { ScriptKey } from "../script-key.js";

const SHARED_STORAGE = "assets:storage";

/** Content types as uploaded, by file path below the assets' folder, of each Worker. */
type ContentTypes = ReadonlyMap<string, string>;

const contentTypesOf = new Map<ScriptKey, ContentTypes>();

/** The part of miniflare's plugin that is repaired. */
interface AssetsPlugin {
  getServices(options: {
    readonly options: { readonly assets?: { readonly workerName?: string } };
  }): Promise<Service[] | { readonly services: Service[] } | undefined>;
}

/** Content types that beat those miniflare guesses from the file names. */
export function setAssetContentTypes(key: ScriptKey, contentTypes: ContentTypes): void {
  contentTypesOf.set(key, contentTypes);
}

/**
 * Lets several Workers with assets live in one instance.
 *
 * miniflare 4 gives all of them one storage service and keeps the first, so the second Worker
 * would serve the first one's files. Here each gets its own. Call once per process.
 */
export function repairAssetsPlugin(): void {
  const assets = PLUGINS.assets as AssetsPlugin;
  const original = assets.getServices.bind(assets);
  assets.getServices = async (options) => {
    const services = await original(options);
    const key = options.options.assets?.workerName;
    if (key === undefined || !Array.isArray(services)) return services;
    for (const service of services) repairService(service, key);
    return services;
  };
}

function repairService(service: Service, key: ScriptKey): void {
  if (service.name === SHARED_STORAGE) service.name = `${SHARED_STORAGE}:${key}`;
  if (!("worker" in service)) return;
  const bindings = service.worker?.bindings;
  if (!Array.isArray(bindings)) return;
  for (const binding of bindings) {
    if ("service" in binding && binding.service?.name === SHARED_STORAGE) {
      binding.service.name = `${SHARED_STORAGE}:${key}`;
    }
    if (binding.name === "ASSETS_REVERSE_MAP" && "json" in binding) {
      binding.json = withContentTypes(binding.json ?? "{}", contentTypesOf.get(key));
    }
  }
}

function withContentTypes(reverseMap: string, contentTypes: ContentTypes | undefined): string {
  if (contentTypes === undefined) return reverseMap;
  const entries = JSON.parse(reverseMap) as Record<
    string,
    { filePath: string; contentType: string | null }
  >;
  for (const entry of Object.values(entries)) {
    entry.contentType = contentTypes.get(entry.filePath.replaceAll("\\", "/")) ?? entry.contentType;
  }
  return JSON.stringify(entries);
}
