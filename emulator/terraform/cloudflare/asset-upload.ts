import { readFile } from "node:fs/promises";
import { isObjectValue, type ObjectValue, text } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import type { CallContext } from "../core/provider-definition.js";
import { type AssetFile, manifestJson, readAssetManifest } from "./asset-manifest.js";
import { type CloudflareClient, scriptPath } from "./cloudflare-client.js";
import { contentTypeOf } from "./content-type.js";
import { multipart } from "./multipart.js";

type Context = CallContext & { readonly client: CloudflareClient };

/** The manifest of `assets.directory`; undefined when there is none, or it is not known yet. */
export async function assetManifest(
  state: ObjectValue,
  { workingDirectory }: CallContext,
): Promise<ReadonlyMap<string, AssetFile> | undefined> {
  const directory = isObjectValue(state.assets) ? text(state.assets.directory) : undefined;
  if (directory === undefined) return undefined;
  const { path, tried } = await workingDirectory.find(directory);
  try {
    return await readAssetManifest(path);
  } catch (error) {
    throw new ProviderError(
      "Assets cannot be read",
      `assets.directory = "${directory}": ${(error as Error).message}. Looked for ${tried.join(", ")}.`,
      "assets",
    );
  }
}

/**
 * Uploads what the API does not have yet.
 * @returns The token that ties the assets to the script's upload; undefined without assets.
 */
export async function uploadAssets(
  state: ObjectValue,
  context: Context,
): Promise<string | undefined> {
  const given = isObjectValue(state.assets) ? text(state.assets.jwt) : undefined;
  if (given) return given;
  const manifest = await assetManifest(state, context);
  if (!manifest) return undefined;

  const { client, stop } = context;
  const session = await client.result(
    "Asset upload",
    {
      method: "POST",
      path: scriptPath(state, "/assets-upload-session"),
      headers: { "Content-Type": "application/json" },
      body: `{"manifest":${manifestJson(manifest)}}`,
    },
    stop,
  );
  let jwt = session?.jwt;
  const sessionToken = typeof jwt === "string" ? jwt : "";
  for (const bucket of Array.isArray(session?.buckets) ? session.buckets : []) {
    const uploaded = await uploadBucket(state, bucket as string[], manifest, sessionToken, context);
    jwt = uploaded ?? jwt;
  }
  if (typeof jwt === "string" && jwt !== "") return jwt;
  throw new ProviderError("Assets not accepted", "The API gave no completion token.", "assets");
}

async function uploadBucket(
  state: ObjectValue,
  hashes: readonly string[],
  manifest: ReadonlyMap<string, AssetFile>,
  sessionToken: string,
  { client, stop }: Context,
): Promise<string | undefined> {
  const byHash = new Map([...manifest].map(([path, file]) => [file.hash, { path, ...file }]));
  const parts = await Promise.all(
    hashes.map(async (hash) => {
      const file = byHash.get(hash);
      if (!file) throw new ProviderError("Unknown asset asked for", `The API wants ${hash}.`);
      return {
        name: hash,
        // The path on the site: the real provider sends the one on this machine.
        filename: file.path,
        contentType: contentTypeOf(file.path),
        content: (await readFile(file.file)).toString("base64"),
      };
    }),
  );
  const { body, contentType } = multipart(parts);
  const account = encodeURIComponent(text(state.account_id) ?? "");
  const result = await client.result(
    "Asset upload",
    {
      method: "POST",
      path: `/accounts/${account}/workers/assets/upload`,
      query: { base64: ["true"] },
      headers: { "Content-Type": contentType, Authorization: `Bearer ${sessionToken}` },
      body,
      secrets: [sessionToken],
    },
    stop,
  );
  return typeof result?.jwt === "string" && result.jwt !== "" ? result.jwt : undefined;
}
