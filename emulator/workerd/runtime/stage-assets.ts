import { copyFile, link, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { UploadedAssets } from "../uploaded-script.js";
import type { MiniflareAssets } from "./miniflare-worker.js";

/** Names miniflare reads as settings. Settings come from `config`, whatever files were uploaded. */
const settingsFiles = new Set(["/_headers", "/_redirects", "/.assetsignore"]);

/**
 * Lays an upload's assets out as the folder miniflare serves, and renders its options.
 *
 * Contents are hard links where the disk can, so a deploy costs no copy.
 */
export async function stageAssets(
  assets: UploadedAssets,
  directory: string,
  bindingName: string | undefined,
): Promise<MiniflareAssets> {
  await mkdir(directory, { recursive: true });
  for (const { path, file } of assets.files) {
    if (settingsFiles.has(path)) continue;
    const target = join(directory, path);
    if (!path.startsWith("/") || !target.startsWith(directory + sep)) {
      throw new Error(
        `Asset path ${JSON.stringify(path)} is not allowed: it must start with "/" and stay below it.`,
      );
    }
    await mkdir(dirname(target), { recursive: true });
    await link(file, target).catch(() => copyFile(file, target));
  }
  const { headers, redirects } = assets.config;
  if (typeof headers === "string") await writeFile(join(directory, "_headers"), headers);
  if (typeof redirects === "string") await writeFile(join(directory, "_redirects"), redirects);
  return {
    directory,
    ...(bindingName === undefined ? {} : { binding: bindingName }),
    ...renderAssetsConfig(assets.config),
  };
}

/**
 * Cloudflare's `assets.config` in the words of miniflare's router.
 * @see https://developers.cloudflare.com/workers/static-assets/binding/
 */
export function renderAssetsConfig(
  config: UploadedAssets["config"],
): Pick<MiniflareAssets, "routerConfig" | "assetConfig"> {
  const { html_handling, not_found_handling, run_worker_first, serve_directly } = config;
  const assetConfig = {
    ...(html_handling === undefined ? {} : { html_handling }),
    ...(not_found_handling === undefined ? {} : { not_found_handling }),
  };
  if (Array.isArray(run_worker_first)) {
    const rules = run_worker_first.map(String);
    const negative = rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1));
    return {
      routerConfig: {
        has_user_worker: true,
        static_routing: {
          user_worker: rules.filter((rule) => !rule.startsWith("!")),
          ...(negative.length === 0 ? {} : { asset_worker: negative }),
        },
      },
      assetConfig,
    };
  }
  return {
    routerConfig: {
      has_user_worker: true,
      // `serve_directly` is the older spelling of the opposite.
      invoke_user_worker_ahead_of_assets: run_worker_first === true || serve_directly === false,
    },
    assetConfig,
  };
}
