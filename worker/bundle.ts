import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type BuildFailure, type BuildOptions, build, formatMessages } from "esbuild";

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
  await buildModule(`The Worker ${entry}`, {
    entryPoints: [entry],
    outfile,
    target: "es2023",
    // Not "node": a package that needs Node fails here rather than at upload.
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    // What the runtime brings.
    external: ["cloudflare:*", "node:*"],
  });
  return outfile;
}

/**
 * Makes the folder that the image of the PDF service is built from: its program as one module, its
 * fonts and its Dockerfile. Returns the folder's path.
 *
 * @throws {Error} whose message shows each mistake with its file, line and source.
 */
export async function bundlePdfService(
  folder = resolve(root, "app/dist/container"),
): Promise<string> {
  // The image's name comes from all that is in it: nothing of an older bundle may stay.
  await rm(folder, { recursive: true, force: true });
  await buildModule("The PDF service", {
    entryPoints: [resolve(root, "app/container/server.ts")],
    outfile: join(folder, "server.mjs"),
    target: "node22",
    platform: "node",
    // Some of its packages are CommonJS and ask for Node's modules by `require`.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
  const fonts = dirname(require.resolve("dejavu-fonts-ttf/package.json"));
  await mkdir(join(folder, "fonts"));
  await Promise.all([
    copyFile(resolve(root, "app/container/Dockerfile"), join(folder, "Dockerfile")),
    copyFile(join(fonts, "LICENSE"), join(folder, "fonts/LICENSE")),
    ...["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) =>
      copyFile(join(fonts, "ttf", name), join(folder, "fonts", name)),
    ),
  ]);
  return folder;
}

/** Everything the app's stack uploads: the chat Worker, the container's Worker, the PDF service. */
export async function bundleApp(): Promise<string[]> {
  return Promise.all([
    bundleWorker(),
    bundleWorker({
      entry: resolve(root, "worker/chat/pdf-renderer.ts"),
      outfile: resolve(root, "app/dist/pdf-renderer.js"),
    }),
    bundlePdfService(),
  ]);
}

async function buildModule(what: string, options: BuildOptions): Promise<void> {
  try {
    await build({
      ...options,
      bundle: true,
      format: "esm",
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
    throw new Error(`${what} cannot be bundled.\n\n${messages.join("").trim()}`);
  }
}

if (require.main === module)
  bundleApp().then(
    (paths) => {
      for (const path of paths) console.log(`Bundled: ${path}`);
    },
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
