import { sha256Of } from "../staged-files.js";

/** The part of esbuild that is used. It is an optional peer: who bundles with it has it. */
interface Esbuild {
  buildSync(options: object): {
    readonly metafile: {
      readonly outputs: Record<string, { readonly exports: readonly string[] }>;
    };
  };
}

/** Exports by hash of the bundle: a synth that is repeated reads it once. */
const known = new Map<string, readonly string[] | undefined>();

export function hasBundleReader(): boolean {
  try {
    require.resolve("esbuild");
    return true;
  } catch {
    return false;
  }
}

/** Names an ES module exports; undefined without esbuild, and for what it cannot read. */
export function bundleExports(code: string): readonly string[] | undefined {
  if (!hasBundleReader()) {
    return undefined;
  }
  const hash = sha256Of(code);
  if (!known.has(hash)) {
    known.set(hash, readExports(code));
  }
  return known.get(hash);
}

function readExports(code: string): readonly string[] | undefined {
  // Only where it is needed: loading it costs more than all of synth.
  const { buildSync } = require("esbuild") as Esbuild;
  try {
    const { metafile } = buildSync({
      stdin: { contents: code, loader: "js" },
      bundle: false,
      write: false,
      metafile: true,
      format: "esm",
      outfile: "worker.js",
      logLevel: "silent",
    });
    return Object.values(metafile.outputs)[0]?.exports;
  } catch {
    // Not JavaScript: the upload says why, and it is not about classes.
    return undefined;
  }
}
