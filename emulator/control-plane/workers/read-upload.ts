import type { UploadedModule } from "../../workerd/uploaded-script.js";
import { ApiError, notEmulated } from "../api-error.js";
import { readMultipart } from "../read-body.js";
import { parseScriptMetadata, type ScriptMetadata } from "./schema.js";

/** What the content type of a part makes of it; null: not needed to run. */
export const moduleTypes: Readonly<Record<string, UploadedModule["type"] | null>> = {
  "application/javascript+module": "ESModule",
  "application/javascript": "CommonJS",
  "application/wasm": "CompiledWasm",
  "text/plain": "Text",
  "application/octet-stream": "Data",
  "application/source-map": null,
};

/** The content type each kind of module is read back with. */
export const moduleContentTypes: Readonly<Record<UploadedModule["type"], string>> = {
  ESModule: "application/javascript+module",
  CommonJS: "application/javascript",
  CompiledWasm: "application/wasm",
  Text: "text/plain",
  Data: "application/octet-stream",
};

export interface ScriptUpload {
  readonly metadata: ScriptMetadata;
  readonly modules: readonly UploadedModule[];
}

/**
 * Reads the multipart body of an upload: a part `metadata`, and one part per module.
 * @throws {ApiError} 400, or 501 naming what is not emulated.
 */
export async function readUpload(request: Request): Promise<ScriptUpload> {
  const form = await readMultipart(request, "badUpload");
  const metadata = parseScriptMetadata(await readMetadata(form.get("metadata")));
  const modules: UploadedModule[] = [];
  for (const [name, part] of form) {
    if (name === "metadata") continue;
    if (typeof part === "string") {
      throw ApiError.of(400, "badUpload", `The part "${name}" has no file name: it is no module.`);
    }
    const contentType = part.type.split(";")[0]?.trim().toLowerCase() ?? "";
    const type = moduleTypes[contentType];
    if (type === undefined) throw notEmulated(`a module of type "${contentType}" ("${name}")`);
    if (type === null) continue;
    if (modules.some((module) => module.name === name)) {
      throw ApiError.of(400, "badUpload", `Two modules have the name "${name}".`);
    }
    modules.push({ name, type, content: new Uint8Array(await part.arrayBuffer()) });
  }
  checkMainModule(metadata, modules);
  return { metadata, modules };
}

async function readMetadata(part: File | string | null): Promise<unknown> {
  if (part === null) throw ApiError.of(400, "badUpload", 'The part "metadata" is missing.');
  try {
    return JSON.parse(typeof part === "string" ? part : await part.text());
  } catch {
    // The parser's message quotes the text, which may hold a secret.
    throw ApiError.of(400, "badUpload", 'The part "metadata" is not JSON.');
  }
}

export function checkMainModule(
  { main_module: main, assets, keep_assets }: ScriptMetadata,
  modules: readonly UploadedModule[],
): void {
  if (main === undefined) {
    if (modules.length === 0 && (assets || keep_assets)) return;
    const message =
      modules.length === 0
        ? "The upload has neither modules nor assets."
        : 'The metadata has no "main_module". (Not emulated: Workers in service-worker syntax.)';
    throw ApiError.of(400, "badUpload", message);
  }
  const module = modules.find(({ name }) => name === main);
  if (module?.type === "ESModule") return;
  const names = modules.map(({ name }) => `"${name}"`).join(", ") || "none";
  throw ApiError.of(
    400,
    "scriptRefused",
    module
      ? `The main module "${main}" must be an ES module: application/javascript+module.`
      : `No such module "${main}": the metadata's main_module is not among the parts (${names}).`,
  );
}
