import { existsSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { dependable } from "cdktf";
import { Construct } from "constructs";
import { emulatedContainerImagesPath, isLoopbackUrl } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { isFile } from "../file-kind.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps, textOrNone } from "../sound-props.js";
import { StagedFiles, sha256Of } from "../staged-files.js";
import { TerraformData } from "../terraform-data.js";
import { warnWithoutBundleReader } from "../workers/bundle-exports.js";
import { claimScriptName } from "../workers/script-name.js";
import type { IWorkerBindable, WorkerBindingOf } from "../workers/worker-binding.js";
import {
  CONTAINER_MODULE,
  renderApplicationBody,
  renderRolloutBody,
  renderVersionBody,
} from "./container-bodies.js";
import type { ContainerProps } from "./container-props.js";
import { containerRules, validateContainerProps } from "./container-validation.js";
import { fingerprintOf } from "./fingerprint.js";

/**
 * Containers of an image, each behind a Durable Object of one class: started on demand, asleep when idle.
 *
 * The class lives in a small Worker of its own, which this construct uploads; other Workers get the class
 * as a binding. docs/decisions/containers.md says why. Containers need the paid Workers plan.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/containers/
 *
 * @example
 * ```ts
 * const pdf = new Container(stack, "pdf", {
 *   bundle: "dist/pdf.js",
 *   className: "Pdf",
 *   image: "registry.cloudflare.com/0123/pdf:1.0.0",
 *   directory: "services/pdf",
 *   ports: [8080],
 *   sleepAfter: "5m",
 * });
 * worker.addBinding("PDF", pdf);
 * ```
 */
export class Container
  extends Construct
  implements IWorkerBindable<WorkerBindingOf<"durable_object_namespace">>
{
  readonly className: string;

  /** The Worker that has the class, for what the props do not cover. */
  readonly worker: RestResource;

  /** The container application, for what the props do not cover. */
  readonly application: RestResource;

  readonly #name: string;
  readonly #accountPath: string;
  readonly #namespaces: RestOperation;

  constructor(scope: Construct, id: string, props: ContainerProps) {
    super(scope, id);
    const sound = soundProps(this, containerRules, props);
    const { accountId, baseUrl } = Cloudflare.of(this);
    this.className = textOrNone(props.className);
    this.#name = claimScriptName(this, "Container", accountId, sound.scriptName);
    this.#accountPath = `/accounts/${accountId}`;
    this.worker = this.#addWorker();
    const version = this.#addVersion(sound);
    this.#namespaces = this.#readNamespaces(version);
    this.application = this.#addApplication(sound);
    this.#addRollout(sound);
    if (sound.directory !== undefined && isLoopbackUrl(baseUrl)) {
      const image = this.#addEmulatedImage(sound.image, sound.directory, accountId);
      this.application.dependsOn = [...(this.application.dependsOn ?? []), dependable(image)];
    }
    warnWithoutBundleReader(this, `the class ${this.className}`);
    this.node.addValidation({ validate: () => [...validateContainerProps(props)] });
  }

  /** For `worker.addBinding`: the namespace of the containers' objects. */
  get workerBinding(): WorkerBindingOf<"durable_object_namespace"> & {
    readonly scriptName: string;
  } {
    return {
      type: "durable_object_namespace",
      className: this.className,
      scriptName: this.scriptName,
    };
  }

  /** Name of the Worker that has the class; what uses it is deployed after the class is there. */
  get scriptName(): string {
    return this.#ofNamespace("script");
  }

  /** Id of the namespace of the containers' objects. A deploy of code or settings leaves it known. */
  get namespaceId(): string {
    return this.#ofNamespace("id");
  }

  /**
   * Takes over a Worker and a container application that exist already, at the next deploy, instead of
   * creating them. Needs Terraform on PATH at synth, and may be removed after the deploy.
   *
   * @param applicationId The application's id, as `GET /containers/applications` lists it
   */
  importFrom(applicationId: string): void {
    this.worker.importFrom(
      renderImportId({
        id: `${this.#accountPath}/workers/workers/${this.#name}`,
        path: `${this.#accountPath}/workers/workers`,
        body: { name: null },
        readSelector: "result",
      }),
    );
    this.application.importFrom(
      renderImportId({
        id: `${this.#accountPath}/containers/applications/${applicationId}`,
        path: `${this.#accountPath}/containers/applications`,
        body: { name: null, max_instances: null, durable_objects: null, configuration: null },
        readSelector: "result",
      }),
    );
  }

  /** Has nothing that changes; a Worker that is made anew gets its version again. */
  #addWorker(): RestResource {
    return new RestResource(this, "Worker", {
      path: `${this.#accountPath}/workers/workers`,
      body: { name: this.#name },
      createSelector: "result",
      readPath: "$(path)/$(body.name)",
      readSelector: "result",
      forceNewAttrs: ["name"],
      outputAttrs: ["name"],
    });
  }

  #addVersion(props: ContainerProps): RestOperation {
    const content = readBundle(props.bundle);
    const sha256 = sha256Of(content);
    const module = new StagedFiles(this, "Module");
    module.setFiles([{ name: CONTAINER_MODULE, sha256, content }]);
    const file = posix.join(module.directory, CONTAINER_MODULE);
    return new RestOperation(this, "Version", {
      path: `${this.worker.id}/versions`,
      method: "POST",
      query: { deploy: ["true"] },
      body: renderVersionBody(props, sha256),
      // In neither plan nor state: a bundle is large.
      ephemeralBody: {
        modules: [
          {
            name: CONTAINER_MODULE,
            content_type: "application/javascript+module",
            content_base64: `\${filebase64("${file}")}`,
          },
        ],
      },
      outputAttrs: ["result.id"],
      lifecycle: { replaceTriggeredBy: [dependable(this.worker)] },
    });
  }

  /** Read once and kept: a version that is new leaves the namespace known. */
  #readNamespaces(version: RestOperation): RestOperation {
    const born = new TerraformData(this, "Class", {
      // The Worker's id is unknown while it is made: `replaceTriggeredBy` does not see one that is made again
      // because somebody deleted it.
      input: `${this.className} of ${this.worker.id}`,
    });
    return new RestOperation(this, "Namespaces", {
      path: `${this.#accountPath}/workers/durable_objects/namespaces`,
      method: "GET",
      query: { per_page: ["1000"] },
      outputAttrs: ["result"],
      dependsOn: [version],
      lifecycle: { replaceTriggeredBy: [dependable(born)] },
    });
  }

  #addApplication(props: ContainerProps): RestResource {
    return new RestResource(this, "Application", {
      path: `${this.#accountPath}/containers/applications`,
      body: renderApplicationBody(props, this.#name, this.namespaceId),
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector: "result",
      updateMethod: "PATCH",
      mergePatchDisabled: true,
      forceNewAttrs: ["name"],
      outputAttrs: ["id"],
    });
  }

  /** What runs keeps its image until a rollout. */
  #addRollout(props: ContainerProps): void {
    new RestOperation(this, "Rollout", {
      path: `${this.application.id}/rollouts`,
      method: "POST",
      body: renderRolloutBody(props),
      outputAttrs: ["result.id"],
    });
  }

  #addEmulatedImage(image: string, directory: string, accountId: string): RestResource {
    const fingerprint = existsSync(join(directory, "Dockerfile")) ? fingerprintOf(directory) : "";
    return new RestResource(this, "EmulatedImage", {
      path: emulatedContainerImagesPath(accountId),
      body: { name: this.#name, image, directory: resolve(directory), fingerprint },
      createMethod: "PUT",
      createSelector: "result",
      readPath: "$(path)/$(body.name)",
      readSelector: "result",
      updateMethod: "PUT",
      updatePath: "$(path)",
      forceNewAttrs: ["name"],
      outputAttrs: ["name"],
    });
  }

  #ofNamespace(key: "id" | "script"): string {
    return `\${one([for namespace in ${this.#namespaces.fqn}.output.result : namespace.${key} if namespace.class == "${this.className}" && namespace.script == "${this.#name}"])}`;
  }
}

/** A bundle that is missing is reported at synth, with everything else that is wrong. */
const readBundle = (path: string): string => (isFile(path) ? readFileSync(path, "utf8") : "");
