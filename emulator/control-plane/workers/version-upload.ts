import type { UploadedModule } from "../../workerd/uploaded-script.js";
import { ApiError, notEmulated } from "../api-error.js";
import { parseVersion } from "./beta-schema.js";
import { checkMainModule, moduleTypes, type ScriptUpload } from "./read-upload.js";
import { parseScriptMetadata } from "./schema.js";

/**
 * A version in JSON as the upload it amounts to.
 * @param settings of the Worker, for all its versions
 * @throws {ApiError} 400, or 501 naming what is not emulated
 */
export function readVersion(
  json: unknown,
  settings: Readonly<Record<string, unknown>>,
): ScriptUpload {
  const { modules: given, annotations: _, ...rest } = parseVersion(json);
  const { subdomain: __, ...ofWorker } = settings;
  const metadata = parseScriptMetadata({ ...ofWorker, ...rest });
  const modules: UploadedModule[] = [];
  for (const { name, content_type, content_base64 } of given) {
    const type = moduleTypes[content_type.split(";")[0]?.trim().toLowerCase() ?? ""];
    if (type === undefined) throw notEmulated(`a module of type "${content_type}" ("${name}")`);
    if (type === null) continue;
    if (modules.some((module) => module.name === name)) {
      throw ApiError.of(400, "badUpload", `Two modules have the name "${name}".`);
    }
    modules.push({ name, type, content: Buffer.from(content_base64, "base64") });
  }
  checkMainModule(metadata, modules);
  return { metadata, modules };
}
