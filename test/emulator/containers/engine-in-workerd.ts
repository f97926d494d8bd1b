import { resolve } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { containerImageName } from "../../../emulator/containers/container-engine.js";

export const IMAGE = containerImageName("0123456789abcdef0123456789abcdef");

/** workerd with the classes of `test/worker/inside/container-classes.ts`, each backed by the image {@link IMAGE}. */
export async function startWorkerd(
  socketPath: string,
  settings: unknown = { defaultPort: 8080, sleepAfter: "1h" },
): Promise<Miniflare> {
  const { outputFiles } = await build({
    entryPoints: [resolve(__dirname, "../../worker/inside/container-classes.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:*", "node:*"],
  });
  const container = { imageName: IMAGE };
  const miniflare = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? "",
    compatibilityDate: "2026-04-01",
    containerEngine: socketPath,
    bindings: { CONTAINER_SETTINGS: settings },
    durableObjects: {
      RAW: { className: "Raw", useSQLite: true, unsafeUniqueKey: "raw", container },
      DECLARED: { className: "Declared", useSQLite: true, unsafeUniqueKey: "declared", container },
    },
    cf: false,
  });
  await miniflare.ready;
  return miniflare;
}
