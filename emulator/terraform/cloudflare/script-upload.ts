import { isObjectValue, type ObjectValue, text, type Value } from "../core/cty-value.js";
import {
  isJsonObject,
  type JsonObject,
  parseExactJson,
  stringifyExactJson,
} from "../core/exact-json.js";
import { withoutNulls } from "./json-attributes.js";
import { multipart, type Part } from "./multipart.js";

const passedOn = [
  "body_part",
  "compatibility_date",
  "compatibility_flags",
  "keep_assets",
  "keep_bindings",
  "limits",
  "logpush",
  "main_module",
  "migrations",
  "observability",
  "tail_consumers",
  "usage_model",
] as const;

/** The body of a script's upload: the module, when there is code, and the metadata. */
export function scriptUpload(
  planned: ObjectValue,
  code: string | Uint8Array | undefined,
  assetsToken: string | undefined,
): ReturnType<typeof multipart> {
  const mainModule = text(planned.main_module);
  const contentType = text(planned.content_type);
  const metadata = scriptMetadata(planned, assetsToken);
  const parts: Part[] = [];
  if (code !== undefined && code.length > 0) {
    const name = mainModule || "script";
    const usual = mainModule ? "application/javascript+module" : "application/javascript";
    parts.push({ name, filename: name, contentType: contentType || usual, content: code });
    if (!mainModule) metadata.body_part = "script";
  }
  const content = stringifyExactJson(metadata);
  return multipart([...parts, { name: "metadata", contentType: "application/json", content }]);
}

function scriptMetadata(planned: ObjectValue, assetsToken: string | undefined): JsonObject {
  const metadata: JsonObject = {};
  const assets = assetsMetadata(planned.assets ?? null, assetsToken);
  if (assets) metadata.assets = assets;
  if (Array.isArray(planned.bindings)) {
    metadata.bindings = planned.bindings.filter(isObjectValue).map(bindingMetadata);
  }
  for (const name of passedOn) {
    const value = withoutNulls(planned[name] ?? null);
    if (value !== undefined) metadata[name] = value;
  }
  const mode = isObjectValue(planned.placement) ? text(planned.placement.mode) : undefined;
  if (mode !== undefined) metadata.placement = { mode };
  return metadata;
}

function assetsMetadata(assets: Value, token: string | undefined): JsonObject | undefined {
  if (!isObjectValue(assets)) return undefined;
  const config = withoutNulls(assets.config ?? null);
  return {
    ...(isJsonObject(config) && { config: renamed(config) }),
    ...(token !== undefined && { jwt: token }),
  };
}

function renamed({ headers, redirects, ...config }: JsonObject): JsonObject {
  return {
    ...config,
    ...(headers !== undefined && { _headers: headers }),
    ...(redirects !== undefined && { _redirects: redirects }),
  };
}

/** Of the attributes that hold JSON, `json` goes out as the text it is: 5.14.0 does the same. */
function bindingMetadata(binding: ObjectValue): JsonObject {
  const metadata = withoutNulls(binding) as JsonObject;
  for (const name of ["algorithm", "key_jwk"]) {
    const value = metadata[name];
    if (typeof value === "string") metadata[name] = parseExactJson(value);
  }
  return metadata;
}
