import type { StoredScript } from "../../state/state-document.js";
import { withoutUndefined } from "../../without-undefined.js";
import { ApiError } from "../api-error.js";
import type { AssetUploads } from "./asset-uploads.js";
import type { ScriptUpload } from "./read-upload.js";

/**
 * The assets of a version: the files of a finished upload session, or those of the version before.
 * @throws {ApiError} 400 when there is neither
 */
export function takeAssets(
  name: string,
  { assets, keep_assets }: ScriptUpload["metadata"],
  before: StoredScript | undefined,
  uploads: AssetUploads,
): StoredScript["assets"] {
  if (!assets) return keep_assets ? before?.assets : undefined;
  const { _headers, _redirects, ...config } = assets.config ?? {};
  const rendered: Record<string, unknown> = {
    ...(_headers === undefined ? {} : { headers: _headers }),
    ...(_redirects === undefined ? {} : { redirects: _redirects }),
    ...withoutUndefined(config),
  };
  if (assets.jwt !== undefined) {
    const files = [...uploads.complete(assets.jwt, name)];
    return { config: rendered, files };
  }
  if (keep_assets && before?.assets) return { config: rendered, files: before.assets.files };
  const message = "assets.jwt is missing: the token of a finished assets-upload-session.";
  throw ApiError.of(400, "badUpload", message);
}
