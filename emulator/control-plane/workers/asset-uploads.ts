import { z } from "zod";
import type { Clock } from "../../clock.js";
import { randomHex } from "../../ids.js";
import type { HeldBlob } from "../../state/blob-store.js";
import type { StoredScript } from "../../state/state-document.js";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";
import { ASSET_TOKEN_SECONDS, AssetTokens } from "./asset-token.js";
import type { ScriptStore } from "./store.js";

type StoredAsset = NonNullable<StoredScript["assets"]>["files"][number];

const MAX_ASSET_BYTES = 25 * 1024 * 1024;
/** A bucket is one request of the uploader: small enough for any body limit. */
const MAX_BUCKET_BYTES = 32 * 1024 * 1024;
const MAX_BUCKET_FILES = 1000;

const assetPath = z
  .string()
  .regex(/^\/[^\\\0]*$/, 'must start with "/"')
  .refine((path) => !path.split("/").includes(".."), 'must not contain ".."');

const manifestBody = z.strictObject({
  manifest: z.record(
    assetPath,
    z.strictObject({
      // A name only: the Terraform provider and Wrangler make it in different ways.
      hash: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hexadecimal digits"),
      size: z.int().min(0).max(MAX_ASSET_BYTES),
    }),
  ),
});

interface Session {
  readonly scriptName: string;
  readonly expires: number;
  readonly manifest: z.output<typeof manifestBody>["manifest"];
  readonly contents: Map<string, { readonly held: HeldBlob; readonly contentType: string }>;
}

/**
 * Asset uploads: a manifest first, then the contents nobody has seen yet, then the script that uses
 * them. In memory: after a restart an uploader starts again.
 */
export class AssetUploads {
  readonly #store: ScriptStore;
  readonly #clock: Clock;
  readonly #tokens: AssetTokens;
  readonly #sessions = new Map<string, Session>();

  constructor(store: ScriptStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#tokens = new AssetTokens(clock);
  }

  /** @throws {ApiError} 400 */
  start(scriptName: string, body: unknown): { jwt: string; buckets: string[][] } {
    this.#drop(({ expires }) => expires <= this.#clock.now());
    const { manifest } = parse(manifestBody, body, "badUpload", { showValues: true });
    const id = randomHex(16);
    const expires = this.#clock.now() + ASSET_TOKEN_SECONDS * 1000;
    const session: Session = { scriptName, expires, manifest, contents: new Map() };
    const wanted = new Set(Object.values(manifest).map(({ hash }) => hash));
    for (const { hash, blob, content_type } of this.#knownAssets()) {
      if (!wanted.has(hash) || session.contents.has(hash)) continue;
      const held = this.#store.blobs.hold(blob);
      session.contents.set(hash, { held, contentType: content_type });
    }
    this.#sessions.set(id, session);
    return { jwt: this.#nextToken(id, session), buckets: renderBuckets(session) };
  }

  /**
   * Takes one bucket: base64 contents, each in a part named by its hash.
   * @returns the completion token once nothing is missing any more.
   * @throws {ApiError} 400, 401
   */
  async receive(token: string | undefined, form: FormData): Promise<string | undefined> {
    const { id, session } = this.#find(token, "upload");
    for (const [hash, part] of form) {
      const entry = Object.values(session.manifest).find((asset) => asset.hash === hash);
      if (!entry) throw refused(`"${hash}" is not in the manifest of this upload.`);
      const base64 = typeof part === "string" ? part : await part.text();
      const content = Buffer.from(base64, "base64");
      if (content.length !== entry.size) {
        throw refused(
          `"${hash}" has ${content.length} bytes; the manifest says ${entry.size}. ` +
            "(Contents are sent as base64.)",
        );
      }
      // Wrangler's word for "no content type".
      const type = typeof part === "string" ? "" : part.type.replace(/^application\/null$/, "");
      const held = await this.#store.blobs.put(content);
      session.contents.get(hash)?.held.release();
      session.contents.set(hash, { held, contentType: type });
    }
    return missing(session).length === 0 ? this.#nextToken(id, session) : undefined;
  }

  /**
   * The assets a script is uploaded with.
   * @throws {ApiError} 400 when the token is none, of another script, or contents are missing.
   */
  complete(token: string, scriptName: string): readonly StoredAsset[] {
    const { session } = this.#find(token, "complete");
    if (session.scriptName !== scriptName) {
      throw refused(`assets.jwt is of the Worker "${session.scriptName}", not "${scriptName}".`);
    }
    return Object.entries(session.manifest).flatMap(([path, { hash }]) => {
      const content = session.contents.get(hash);
      return content
        ? [{ path, hash, blob: content.held.hash, content_type: content.contentType }]
        : [];
    });
  }

  #nextToken(session: string, { manifest, contents }: Session): string {
    const done = Object.values(manifest).every(({ hash }) => contents.has(hash));
    return this.#tokens.sign({ session, phase: done ? "complete" : "upload" });
  }

  #find(token: string | undefined, phase: "upload" | "complete"): { id: string; session: Session } {
    const claims = token === undefined ? undefined : this.#tokens.verify(token);
    const session = claims?.phase === phase ? this.#sessions.get(claims.session) : undefined;
    if (claims && session) return { id: claims.session, session };
    throw ApiError.of(
      phase === "upload" ? 401 : 400,
      "assetToken",
      `The token of the asset upload is not one of this emulator for ${phase === "upload" ? "sending contents" : "a finished upload"}, or is older than an hour.`,
      "Start again with assets-upload-session; tokens do not survive a restart of the emulator.",
    );
  }

  #knownAssets(): readonly StoredAsset[] {
    return this.#store.list().flatMap(({ assets }) => assets?.files ?? []);
  }

  /** Ends the uploads of a script that goes, so that their contents can go too. */
  forget(scriptName: string): void {
    this.#drop((session) => session.scriptName === scriptName);
  }

  #drop(over: (session: Session) => boolean): void {
    for (const [id, session] of this.#sessions) {
      if (!over(session)) continue;
      for (const { held } of session.contents.values()) held.release();
      this.#sessions.delete(id);
    }
  }
}

function missing({ manifest, contents }: Session): { hash: string; size: number }[] {
  const byHash = new Map(Object.values(manifest).map((asset) => [asset.hash, asset]));
  return [...byHash.values()].filter(({ hash }) => !contents.has(hash));
}

function renderBuckets(session: Session): string[][] {
  const buckets: string[][] = [];
  let room = 0;
  for (const { hash, size } of missing(session)) {
    const last = buckets.at(-1);
    if (!last || size > room || last.length >= MAX_BUCKET_FILES) {
      buckets.push([hash]);
      room = MAX_BUCKET_BYTES - size;
    } else {
      last.push(hash);
      room -= size;
    }
  }
  return buckets;
}

function refused(message: string): ApiError {
  return ApiError.of(400, "badUpload", message);
}
