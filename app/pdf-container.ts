import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Construct } from "constructs";
import { Container } from "../lib/index.js";

/** What `worker/bundle.ts` makes: the image's Dockerfile and all that it copies. */
const directory = resolve("app/dist/container");

/**
 * Where the image of the PDF service is expected. The tag comes from all that is in the image: the
 * same content is no rollout, other content is one.
 */
export const pdfImage = (accountId: string): string =>
  `registry.cloudflare.com/${accountId}/chat-pdf:${tagOf(directory)}`;

/** The container that makes PDFs of conversations: one is enough, and it sleeps when nobody asks. */
export function pdfContainer(scope: Construct, image: string): Container {
  return new Container(scope, "pdf", {
    bundle: resolve("app/dist/pdf-renderer.js"),
    className: "PdfRenderer",
    image,
    directory,
    instanceType: "basic",
    maxInstances: 1,
    ports: [8080],
    sleepAfter: "5m",
  });
}

function tagOf(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${file.slice(folder.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}
