import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import type { ApiItem } from "./api-item.js";

const root = resolve(__dirname, "../..");

/** An entry of the package: how it is imported, where its declarations are, what compiles them. */
export const entries = [
  { module: "cdktf-cloudflare-ai-gateway", file: "lib/index", project: "tsconfig.json" },
  {
    module: "cdktf-cloudflare-ai-gateway/binding",
    file: "protocol/binding",
    project: "tsconfig.json",
  },
  {
    module: "cdktf-cloudflare-ai-gateway/worker",
    file: "worker/index",
    project: "tsconfig.worker.json",
  },
  {
    module: "cdktf-cloudflare-ai-gateway/worker/effect",
    file: "worker/effect/index",
    project: "tsconfig.worker.json",
  },
  {
    module: "cdktf-cloudflare-ai-gateway/worker/container",
    file: "worker/container/index",
    project: "tsconfig.worker.json",
  },
  {
    module: "cdktf-cloudflare-ai-gateway/worker/env",
    file: "worker/worker-env",
    project: "tsconfig.worker.json",
  },
  {
    module: "cdktf-cloudflare-ai-gateway/emulator",
    file: "emulator/index",
    project: "tsconfig.emulator.json",
  },
] as const;

export type Entry = (typeof entries)[number];

/**
 * The public API of each entry, read from the declarations the compiler writes.
 *
 * API Extractor brings a compiler of its own: the one that checks this project has no API to ask.
 */
export function extractApi(): ReadonlyMap<Entry, readonly ApiItem[]> {
  // Inside the project, so that the declarations find the packages they import.
  const directory = mkdtempSync(join(root, ".reference-"));
  try {
    for (const project of new Set(entries.map((entry) => entry.project))) emit(project, directory);
    return new Map(entries.map((entry) => [entry, extract(entry, directory)]));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function emit(project: string, directory: string): void {
  const bin = createRequire(__filename).resolve("typescript/package.json");
  const args = ["-p", join(root, "build", project), "--outDir", directory, "--emitDeclarationOnly"];
  execFileSync(process.execPath, [join(dirname(bin), "bin/tsc"), ...args], { stdio: "inherit" });
}

function extract({ module, file, project }: Entry, directory: string): readonly ApiItem[] {
  const model = mkdtempSync(join(tmpdir(), "ai-gateway-api-"));
  const apiJsonFilePath = join(model, "api.json");
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: join(directory, `${file}.d.ts`),
        compiler: { tsconfigFilePath: join(root, "build", project), skipLibCheck: true },
        apiReport: { enabled: false },
        docModel: { enabled: true, apiJsonFilePath },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(root, "package.json"),
    });
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        // Its remarks are about a dialect of doc comments this project does not write.
        message.handled = message.logLevel !== "error";
      },
    });
    if (!succeeded) throw new Error(`API Extractor failed for ${module}.`);
    const json = JSON.parse(readFileSync(apiJsonFilePath, "utf8")) as ApiItem;
    return json.members?.[0]?.members ?? [];
  } finally {
    rmSync(model, { recursive: true, force: true });
  }
}
