import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { Miniflare, type MiniflareOptions } from "miniflare";
import { bundleWorker } from "../../../worker/bundle.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

export interface RunningChat {
  readonly url: URL;
  /** Ends the runtime, as a crash or a deploy does, and starts it again on the same storage. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface StartChatOptions {
  /** `host:port` of what stands behind the `ai` binding. */
  readonly gateway: string;
  /** `host:port` of the PDF service. @default nothing listens there */
  readonly pdf?: string;
}

/** Runs the chat app's Worker in real workerd: rooms, workflow and all, its PDF container a proxy. */
export async function startChat({
  gateway,
  pdf = "127.0.0.1:9",
}: StartChatOptions): Promise<RunningChat> {
  const folder = temporaryFolder("chat-test-");
  const outfile = await bundleWorker({
    entry: resolve(__dirname, "../inside/chat-with-wake-count.ts"),
    outfile: join(folder, "worker.js"),
  });
  const options: MiniflareOptions = {
    host: "127.0.0.1",
    port: 0,
    cf: false,
    logRequests: false,
    // What the Worker logs about the failures a test makes is not the test's output.
    handleRuntimeStdio: (out: Readable, err: Readable) => {
      out.resume();
      err.resume();
    },
    defaultPersistRoot: join(folder, "state"),
    workers: [
      {
        name: "chat",
        compatibilityDate: "2026-04-26",
        modules: [
          { type: "ESModule", path: "worker.js", contents: await readFile(outfile, "utf8") },
        ],
        bindings: { GATEWAY: "demo" },
        wrappedBindings: { AI: "ai" },
        durableObjects: {
          ROOM: { className: "Room", useSQLite: true },
          PDF: { className: "Pdf", scriptName: "pdf" },
        },
        workflows: { SUMMARIES: { name: "summaries", className: "SummarizeRoom" } },
      },
      {
        name: "ai",
        modules: [
          {
            type: "ESModule",
            path: "ai.js",
            contents: 'export { default } from "cloudflare-internal:ai-api";',
          },
        ],
        serviceBindings: { fetcher: { external: { address: gateway, http: {} } } },
      },
      {
        name: "pdf",
        compatibilityDate: "2026-04-26",
        modules: [
          {
            type: "ESModule",
            path: "pdf.js",
            contents: `import { DurableObject } from "cloudflare:workers";
              export class Pdf extends DurableObject {
                fetch(request) { return this.env.SERVICE.fetch(request); }
              }
              export default {};`,
          },
        ],
        durableObjects: { SELF: { className: "Pdf", useSQLite: true } },
        serviceBindings: { SERVICE: { external: { address: pdf, http: {} } } },
      },
    ],
  };
  let miniflare = new Miniflare(options);
  const stop = async () => {
    await miniflare.dispose();
  };
  try {
    let url = await miniflare.ready;
    return {
      get url() {
        return url;
      },
      async restart() {
        await stop();
        miniflare = new Miniflare(options);
        url = await miniflare.ready;
      },
      async close() {
        await stop();
        await removeFolder(folder);
      },
    };
  } catch (error) {
    await stop();
    await removeFolder(folder);
    throw error;
  }
}
