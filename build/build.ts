import { execFileSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";

/**
 * Builds what is published, into dist/:
 *
 * - lib, protocol: CommonJS and types as tsc writes them; a consumer's jest requires them.
 * - binding: the declaration that stack and Worker share, in both formats, without cdktf.
 * - worker: one ES module, protocol folded in, because a Worker is bundled again by whoever uses it.
 * - emulator: one CommonJS file per entry with its libraries folded in, so that a project that only
 *   uses the constructs installs none of them; miniflare (workerd) stays outside as an optional peer.
 */
const root = resolve(__dirname, "..");
const dist = join(root, "dist");
const require = createRequire(__filename);

async function main(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  tsc("build/tsconfig.json");
  tsc("build/tsconfig.worker.json");
  tsc("build/tsconfig.emulator.json");

  for (const [format, file, types] of [
    ["cjs", "index.js", "index.d.ts"],
    ["esm", "index.mjs", "index.d.mts"],
  ] as const) {
    await build({
      entryPoints: [join(root, "protocol/binding.ts")],
      outfile: join(dist, "binding", file),
      bundle: true,
      format,
      target: "es2022",
      platform: "neutral",
    });
    writeFileSync(join(dist, "binding", types), 'export * from "../protocol/binding.js";\n');
  }

  await build({
    entryPoints: {
      index: join(root, "worker/index.ts"),
      effect: join(root, "worker/effect/index.ts"),
      container: join(root, "worker/container/index.ts"),
      // Types alone; a bundler may look for the module all the same.
      "worker-env": join(root, "worker/worker-env.ts"),
    },
    outdir: join(dist, "worker"),
    bundle: true,
    // One class of error and one cache of clients, whichever of the entries a Worker imports.
    splitting: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    // Optional peers: the project that uses them brings them.
    external: ["effect", "effect/*", "@cloudflare/containers"],
  });
  // The folder is ESM while the package is CommonJS.
  writeFileSync(join(dist, "worker/package.json"), `${JSON.stringify({ type: "module" })}\n`);

  await build({
    entryPoints: {
      index: join(root, "emulator/index.ts"),
      main: join(root, "emulator/cli/main.ts"),
      // A process of its own, looked for beside the file that starts it.
      "runtime-process": join(root, "emulator/workerd/runtime/runtime-process.ts"),
    },
    outdir: join(dist, "emulator"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    external: ["miniflare", "workerd", "tsx"],
    legalComments: "inline",
  });
  for (const program of ["emulator/main.js", "lib/import/main.js"]) {
    chmodSync(join(dist, program), 0o755);
  }
}

function tsc(project: string): void {
  const bin = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  execFileSync(process.execPath, [bin, "-p", join(root, project)], { stdio: "inherit" });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
