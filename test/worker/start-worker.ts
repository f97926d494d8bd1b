import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { bundleWorker } from "../../worker/bundle.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

export interface RunningWorker {
  readonly url: URL;
  close(): Promise<void>;
}

export interface StartWorkerOptions {
  /** The Worker's main module. */
  readonly entry: string;
  /** `host:port` of what stands behind the `ai` binding. */
  readonly gateway: string;
  /** Text bindings. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly compatibilityFlags?: string[];
  /** Without it the Worker has an `ai` binding named AI. */
  readonly withoutAi?: boolean;
}

/** Runs a Worker in real workerd, its `AI` the genuine client of the runtime. */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const folder = temporaryFolder("client-test-");
  const outfile = await bundleWorker({ entry: options.entry, outfile: join(folder, "worker.js") });
  const shared = { compatibilityDate: "2026-04-01" };
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    logRequests: false,
    workers: [
      {
        ...shared,
        name: "main",
        compatibilityFlags: options.compatibilityFlags ?? [],
        modules: [
          { type: "ESModule", path: "worker.js", contents: await readFile(outfile, "utf8") },
        ],
        bindings: { ...options.vars },
        ...(options.withoutAi ? {} : { wrappedBindings: { AI: "ai" } }),
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
        serviceBindings: { fetcher: { external: { address: options.gateway, http: {} } } },
      },
    ],
  });
  try {
    const url = await miniflare.ready;
    return {
      url,
      async close() {
        await miniflare.dispose();
        await removeFolder(folder);
      },
    };
  } catch (error) {
    await miniflare.dispose();
    await removeFolder(folder);
    throw error;
  }
}
