import { readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import { WorkersScriptSubdomain } from "@cdktf/provider-cloudflare/lib/workers-script-subdomain";
import { dependable } from "cdktf";
import { Construct } from "constructs";
import { emulatedWorkerUrlPath, isLoopbackUrl } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { noWorkerUrl } from "../errors.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { SecretVariable } from "../secret-variable.js";
import { StagedFiles, sha256Of } from "../staged-files.js";
import { readAssetFolder } from "./asset-folder.js";
import { type JsonValue, renderJsonVarsPrelude } from "./json-var.js";
import { type IWorkerBindable, toWorkerBinding, type WorkerBinding } from "./worker-binding.js";
import { WorkerBindings } from "./worker-bindings.js";
import { DEFAULT_COMPATIBILITY_DATE, type WorkerAssets, type WorkerProps } from "./worker-props.js";
import { MAIN_MODULE, renderAssets, renderObservability } from "./worker-script.js";
import { WorkerSecret } from "./worker-secret.js";
import { SCRIPT_NAME_MAX_LENGTH, validateWorkerProps } from "./worker-validation.js";

/**
 * A Cloudflare Worker: a bundled module, with what it finds in `env` and the files it serves.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/workers/
 *
 * @example
 * ```ts
 * const worker = new Worker(stack, "worker", { bundle: "dist/worker.js", vars: { COLOR: "blue" } });
 * new TerraformOutput(stack, "url", { value: worker.url });
 * ```
 */
export class Worker extends Construct {
  /** The Worker's Terraform resource, for what the props do not cover. */
  readonly script: WorkersScript;

  readonly #cloudflare: Cloudflare;
  readonly #bindings = new WorkerBindings();
  readonly #problems: string[];
  readonly #bundle: string;
  readonly #module: StagedFiles;
  readonly #flags: readonly string[];
  readonly #subdomain: WorkersScriptSubdomain | undefined;
  #emulatedUrl: RestDataSource | undefined;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    this.#cloudflare = Cloudflare.of(this);
    this.#problems = [...validateWorkerProps(props)];
    this.#bundle = readBundle(props.bundle);
    this.#module = new StagedFiles(this, "Module");
    this.#flags = [...new Set(props.compatibilityFlags)].sort();
    const { accountId } = this.#cloudflare;
    this.script = new WorkersScript(this, "Resource", {
      accountId,
      scriptName: props.scriptName ?? defaultName(this, scriptNameOptions),
      mainModule: MAIN_MODULE,
      compatibilityDate: props.compatibilityDate ?? DEFAULT_COMPATIBILITY_DATE,
      compatibilityFlags: [...this.#flags],
      observability: renderObservability(props.observability),
      logpush: false,
      // Secrets are sent apart from the script; without this each upload would drop them.
      keepBindings: ["secret_text"],
    });
    if (props.assets !== undefined) {
      this.#addAssets(props.assets);
    }
    if (props.workersDev !== false) {
      this.#subdomain = new WorkersScriptSubdomain(this, "WorkersDev", {
        accountId,
        scriptName: this.scriptName,
        enabled: true,
        previewsEnabled: props.previewUrls ?? false,
      });
    }
    this.#addFromProps(props);
    this.#update();
    this.node.addValidation({ validate: () => this.#validate() });
  }

  /** Name of the Worker; what uses it is deployed after the Worker. */
  get scriptName(): string {
    return this.script.scriptName;
  }

  /**
   * Where the Worker answers: `https://{scriptName}.{subdomain}.workers.dev`, or a loopback address on the
   * emulator. Known before a deploy that changes only code or settings.
   * @throws {@link UsageError} with `workersDev: false`
   */
  get url(): string {
    if (this.#subdomain === undefined) {
      throw noWorkerUrl(this.node.path);
    }
    if (!isLoopbackUrl(this.#cloudflare.baseUrl)) {
      return `https://${this.scriptName}.${this.#cloudflare.workersDevSubdomain}.workers.dev`;
    }
    this.#emulatedUrl ??= new RestDataSource(this, "EmulatedUrl", {
      path: emulatedWorkerUrlPath(this.#cloudflare.accountId, this.scriptName),
      selector: "result",
      outputAttrs: ["url"],
    });
    return this.#emulatedUrl.output("url");
  }

  /** Adds a text to `env`. */
  addVar(name: string, text: string): void {
    this.#bindings.addVar(name, text);
    this.#update();
  }

  /** @internal The id of a gateway, for `gateway.bind`. */
  addGatewayId(name: string, gatewayId: string, gatewayPath: string): void {
    this.#bindings.addVar(name, gatewayId, `the gateway ${gatewayPath}`);
    this.#update();
  }

  /** Adds an object, an array, a number, true, false or null to `env`. */
  addJsonVar(name: string, value: JsonValue): void {
    this.#bindings.addJsonVar(name, value);
    this.#update();
  }

  /**
   * Adds a secret to `env`. It is sent on its own after the Worker: on the very first deploy the Worker is
   * there a moment before its secrets.
   */
  addSecret(name: string, value: SecretVariable | string): void {
    const text = value instanceof SecretVariable ? value.stringValue : value;
    if (!this.#bindings.addSecret(name, text)) {
      return;
    }
    const secret = new WorkerSecret(this, `Secret-${name}`, { worker: this, name, text });
    // Open to the world only when complete.
    if (this.#subdomain !== undefined) {
      this.#subdomain.dependsOn = [
        ...(this.#subdomain.dependsOn ?? []),
        dependable(secret.resource),
      ];
    }
  }

  /** Adds a binding to storage, a queue or another Worker to `env`. */
  addBinding(name: string, binding: WorkerBinding | IWorkerBindable): void {
    this.#bindings.addBinding(name, toWorkerBinding(binding));
    this.#update();
  }

  /**
   * Adds the `ai` binding to `env`. A Worker has one; a gateway's `bind` adds it where it is missing.
   * @param name @default "AI"
   */
  addAi(name?: string): void {
    this.#bindings.addAi(name);
    this.#update();
  }

  #addAssets(assets: WorkerAssets): void {
    const folder = readAssetFolder(assets.directory);
    this.#problems.push(...folder.problems);
    const staged = new StagedFiles(this, "Assets");
    staged.setFiles(folder.files);
    this.script.putAssets(renderAssets(assets, folder, staged.directory));
    if (assets.runWorkerFirst !== undefined) {
      this.script.addOverride("assets.config.run_worker_first", assets.runWorkerFirst);
    }
    if (assets.binding !== undefined) {
      this.#bindings.addBinding(assets.binding, { type: "assets" });
    }
  }

  #addFromProps({ vars = {}, jsonVars = {}, secrets = {}, bindings = {} }: WorkerProps): void {
    for (const [name, text] of Object.entries(vars)) {
      this.addVar(name, text);
    }
    for (const [name, value] of Object.entries(jsonVars)) {
      this.addJsonVar(name, value);
    }
    for (const [name, value] of Object.entries(secrets)) {
      this.addSecret(name, value);
    }
    for (const [name, binding] of Object.entries(bindings)) {
      this.addBinding(name, binding);
    }
  }

  /** Brings the resource up to date with the bindings; JSON variables change the module, too. */
  #update(): void {
    const content = renderJsonVarsPrelude(this.#bindings.jsonVarNames) + this.#bundle;
    const sha256 = sha256Of(content);
    this.#module.setFiles([{ name: MAIN_MODULE, sha256, content }]);
    this.script.contentFile = posix.join(this.#module.directory, MAIN_MODULE);
    this.script.contentSha256 = sha256;
    this.script.putBindings(this.#bindings.render());
  }

  #validate(): string[] {
    const withoutEnv =
      this.#bindings.jsonVarNames.length > 0 && this.#flags.includes("disallow_importable_env")
        ? [
            'compatibilityFlags: got "disallow_importable_env" with jsonVars; JSON vars are parsed through the importable env. Remove the flag, or pass texts in vars and parse them in the Worker.',
          ]
        : [];
    return [...this.#problems, ...this.#bindings.problems, ...withoutEnv];
  }
}

const scriptNameOptions = { maxLength: SCRIPT_NAME_MAX_LENGTH, underscores: false } as const;

/** A bundle that is missing is reported at synth, with everything else that is wrong. */
function readBundle(path: string): string {
  return typeof path === "string" && statSync(path, { throwIfNoEntry: false })?.isFile()
    ? readFileSync(path, "utf8")
    : "";
}
