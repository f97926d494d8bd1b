import { resolve } from "node:path";
import { type BuildFailure, build, formatMessages } from "esbuild";

const root = resolve(__dirname, "..");

export interface BundleWorkerOptions {
  /**
   * The Worker's main module.
   * @default the chat Worker of this project
   */
  readonly entry?: string;
  /**
   * Where the module goes.
   * @default app/dist/worker.js, which the app's stack uploads
   */
  readonly outfile?: string;
}

/**
 * Makes one ES module of a Worker's source, ready for upload, and returns its path.
 *
 * @throws {Error} whose message shows each mistake with its file, line and source.
 */
export async function bundleWorker({
  entry = resolve(root, "worker/chat/worker.ts"),
  outfile = resolve(root, "app/dist/worker.js"),
}: BundleWorkerOptions = {}): Promise<string> {
  try {
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: "esm",
      target: "es2023",
      // Not "node": a package that needs Node fails here rather than at upload.
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["workerd", "worker", "browser"],
      // What the runtime brings.
      external: ["cloudflare:*", "node:*"],
      // The upload is this one module; a comment that points to a map would point nowhere.
      sourcemap: false,
      // The dashboard shows the module: keep it readable.
      minify: false,
      logLevel: "silent",
    });
  } catch (error) {
    const messages = await formatMessages((error as BuildFailure).errors ?? [], {
      kind: "error",
      color: process.stderr.isTTY ?? false,
    });
    if (messages.length === 0) throw error;
    throw new Error(`The Worker ${entry} cannot be bundled.\n\n${messages.join("").trim()}`);
  }
  return outfile;
}

if (require.main === module)
  bundleWorker().then(
    (outfile) => console.log(`Bundled the Worker: ${outfile}`),
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
