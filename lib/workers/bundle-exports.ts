import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { sha256Of } from "../staged-files.js";
import { hasBundleReader } from "./has-bundle-reader.js";

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

/** Says on a construct that nobody looks whether its bundle exports what it should. */
export function warnWithoutBundleReader(construct: Construct, what: string): void {
  if (!hasBundleReader()) {
    Annotations.of(construct).addWarning(
      `Whether the bundle exports ${what} is not checked, because esbuild is not installed; Cloudflare refuses the upload if it does not. Run: npm install --save-dev esbuild`,
    );
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
