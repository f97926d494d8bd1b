import { WorkersScriptSubdomain } from "@cdktf/provider-cloudflare/lib/workers-script-subdomain";
import { dependable, type TerraformResource } from "cdktf";
import { emulatedWorkerUrlPath, isLoopbackUrl } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { noWorkerUrl } from "../errors.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import type { WorkerPropsAtSynth } from "./add-from-props.js";
import type { Worker } from "./worker.js";

/** Where a Worker answers by itself: below workers.dev, or on the emulator. */
export class WorkerAddress {
  readonly #worker: Worker;
  readonly #subdomain: WorkersScriptSubdomain | undefined;
  #emulatedUrl: RestDataSource | undefined;

  constructor(worker: Worker, { workersDev, previewUrls }: WorkerPropsAtSynth) {
    this.#worker = worker;
    if (workersDev !== false) {
      this.#subdomain = new WorkersScriptSubdomain(worker, "WorkersDev", {
        accountId: Cloudflare.of(worker).accountId,
        scriptName: worker.scriptName,
        enabled: true,
        previewsEnabled: previewUrls ?? false,
      });
    }
  }

  /** @throws {@link UsageError} where the Worker is not below workers.dev */
  get url(): string {
    if (this.#subdomain === undefined) {
      throw noWorkerUrl(this.#worker.node.path);
    }
    const { scriptName } = this.#worker;
    const cloudflare = Cloudflare.of(this.#worker);
    if (!isLoopbackUrl(cloudflare.baseUrl)) {
      return `https://${scriptName}.${cloudflare.workersDevSubdomain}.workers.dev`;
    }
    this.#emulatedUrl ??= new RestDataSource(this.#worker, "EmulatedUrl", {
      path: emulatedWorkerUrlPath(cloudflare.accountId, scriptName),
      selector: "result",
      outputAttrs: ["url"],
    });
    return this.#emulatedUrl.output("url");
  }

  /** Open to the world only when complete. */
  openAfter(resource: TerraformResource): void {
    if (this.#subdomain !== undefined) {
      this.#subdomain.dependsOn = [...(this.#subdomain.dependsOn ?? []), dependable(resource)];
    }
  }
}
