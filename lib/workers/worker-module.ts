import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import type { Construct } from "constructs";
import { isFile } from "../file-kind.js";
import { StagedFiles, sha256Of } from "../staged-files.js";
import { renderJsonVarsPrelude } from "./json-var.js";
import { MAIN_MODULE } from "./worker-script.js";

/** The module that is uploaded: the bundle, behind what makes values of the JSON variables. */
export class WorkerModule {
  /** The bundle's text; empty where there is none, which is reported at synth. */
  readonly bundle: string;
  readonly #files: StagedFiles;

  constructor(worker: Construct, bundlePath: unknown) {
    this.bundle = isFile(bundlePath) ? readFileSync(bundlePath, "utf8") : "";
    this.#files = new StagedFiles(worker, "Module");
  }

  update(script: WorkersScript, jsonVarNames: readonly string[]): void {
    const content = renderJsonVarsPrelude(jsonVarNames) + this.bundle;
    const sha256 = sha256Of(content);
    this.#files.setFiles([{ name: MAIN_MODULE, sha256, content }]);
    script.contentFile = posix.join(this.#files.directory, MAIN_MODULE);
    script.contentSha256 = sha256;
  }
}
