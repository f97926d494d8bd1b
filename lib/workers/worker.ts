import { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { WorkerBindingsDeclaration } from "../../protocol/worker-bindings.js";
import { Cloudflare } from "../cloudflare.js";
import { freeId } from "../one-owner.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { secretToken } from "../secret-text.js";
import { requireProps, soundProps, textOrNone } from "../sound-props.js";
import { QueueConsumer, type QueueConsumerProps } from "../storage/queue-consumer.js";
import { addFromProps, type WorkerPropsAtSynth } from "./add-from-props.js";
import { bindingFormProblem } from "./binding-form.js";
import type { ClassMigration } from "./class-history.js";
import { checkImportableEnv } from "./compatibility-checks.js";
import { checkDeclaration } from "./declared-bindings.js";
import { isDelivered, type WorkerSecretValue } from "./delivered-secret.js";
import { circleProblems } from "./deploy-order.js";
import type { JsonValue } from "./json-var.js";
import { claimScriptName } from "./script-name.js";
import { WorkerAddress } from "./worker-address.js";
import {
  type IWorkerBindable,
  toWorkerBinding,
  type WorkerBinding,
  type WorkerBindingOf,
} from "./worker-binding.js";
import { WorkerBindings } from "./worker-bindings.js";
import { WorkerClasses } from "./worker-classes.js";
import { WorkerCron } from "./worker-cron.js";
import { WorkerCustomDomain, type WorkerCustomDomainProps } from "./worker-custom-domain.js";
import { WorkerModule } from "./worker-module.js";
import type {
  DeclaredWorkerProps,
  DurableObjectBinding,
  WorkerProps,
  WorkflowBinding,
} from "./worker-props.js";
import { WorkerRoute, type WorkerRouteProps } from "./worker-route.js";
import { addAssets, renderScript } from "./worker-script.js";
import { WorkerSecret } from "./worker-secret.js";
import { validateWorkerProps, workerRules } from "./worker-validation.js";
import { defaultWorkflowName, WorkerWorkflow } from "./worker-workflow.js";

/**
 * A Cloudflare Worker: a bundled module, with what it finds in `env` and the files it serves.
 *
 * Bound to another Worker, it is a service: `other.addBinding("API", worker)`.
 *
 * @typeParam Declaration What `workerBindings` returned, where `env` is declared.
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/workers/
 *
 * @example
 * ```ts
 * const worker = new Worker(stack, "worker", { bundle: "dist/worker.js", vars: { COLOR: "blue" } });
 * new TerraformOutput(stack, "url", { value: worker.url });
 * ```
 */
export class Worker<Declaration extends WorkerBindingsDeclaration = WorkerBindingsDeclaration>
  extends Construct
  implements IWorkerBindable<WorkerBindingOf<"service">>
{
  /** The Worker's Terraform resource, for what the props do not cover. */
  readonly script: WorkersScript;

  /** @internal The classes that Durable Objects and workflows are made of. */
  readonly classes: WorkerClasses;

  readonly #bindings = new WorkerBindings();
  readonly #module: WorkerModule;
  readonly #address: WorkerAddress;

  constructor(scope: Construct, id: string, props: WorkerProps);
  constructor(scope: Construct, id: string, props: DeclaredWorkerProps<Declaration>);
  constructor(
    scope: Construct,
    id: string,
    anyProps: WorkerProps | DeclaredWorkerProps<Declaration>,
  ) {
    super(scope, id);
    const given = anyProps as WorkerPropsAtSynth;
    const props = soundProps(this, workerRules, given);
    const { accountId } = Cloudflare.of(this);
    this.#module = new WorkerModule(this, given.bundle);
    const scriptName = claimScriptName(this, "Worker", accountId, props.scriptName);
    this.script = new WorkersScript(this, "Resource", renderScript(props, accountId, scriptName));
    this.classes = new WorkerClasses(this, this.script, scriptName);
    const assetProblems =
      props.assets === undefined ? [] : addAssets(this, this.#bindings, props.assets, props);
    this.#address = new WorkerAddress(this, props);
    addFromProps(this, props);
    this.#update();
    const problems = [...validateWorkerProps(given), ...assetProblems];
    this.node.addValidation({ validate: () => [...problems, ...this.#validate(props)] });
  }

  /** Name of the Worker; what uses it is deployed after the Worker. */
  get scriptName(): string {
    return this.script.scriptName;
  }

  get workerBinding(): WorkerBindingOf<"service"> {
    return { type: "service", service: this.scriptName };
  }

  /**
   * Where the Worker answers: `https://{scriptName}.{subdomain}.workers.dev`, or a loopback address on the
   * emulator. On an account it is known before a deploy that changes only code or settings; the emulator is
   * asked again after each.
   * @throws {@link UsageError} with `workersDev: false`
   */
  get url(): string {
    return this.#address.url;
  }

  /** Adds a text to `env`. */
  addVar(name: string, text: string): void {
    this.#bindings.addVar(name, text);
    this.#update();
  }

  /** @internal The id of a gateway, for `gateway.bind`. */
  addGatewayId(name: string, gatewayId: string, gatewayPath: string): void {
    this.#bindings.addGatewayId(name, gatewayId, gatewayPath);
    this.#update();
  }

  /** Adds an object, an array, a number, true, false or null to `env`. */
  addJsonVar(name: string, value: JsonValue): void {
    this.#bindings.addJsonVar(name, value);
    this.#update();
  }

  /**
   * Adds a secret to `env`, sent after the Worker, which is there a moment before on the very first deploy.
   */
  addSecret(name: string, value: WorkerSecretValue): void {
    if (isDelivered(value)) {
      value.deliverTo(this, name);
    } else if (this.#bindings.addSecret(name, secretToken(value))) {
      const props = { worker: this, name, text: secretToken(value) };
      this.#address.openAfter(new WorkerSecret(this, `Secret-${name}`, props).resource);
    }
  }

  /** @internal A secret whose text `delivery` sends; nothing where the name is refused. */
  addDeliveredSecret(name: string, delivery: TerraformResource): RestResource | undefined {
    if (!this.#bindings.addDeliveredSecret(name)) return undefined;
    this.#address.openAfter(delivery);
    return new WorkerSecret(this, `Secret-${name}`, { worker: this, name }).resource;
  }

  /**
   * Adds a binding to `env`: a construct, such as a bucket, a queue or another Worker, or one written out. A
   * workflow of this Worker's own is made, too.
   */
  addBinding(name: string, binding: WorkerBinding | IWorkerBindable): void {
    const problem = bindingFormProblem(name, toWorkerBinding(binding));
    if (problem !== undefined) {
      this.#bindings.report(problem);
      return;
    }
    const resolved = this.classes.resolve(name, binding);
    const isNew = this.#bindings.addBinding(name, resolved);
    if (isNew && resolved.type === "workflow" && resolved.scriptName === undefined) {
      this.#addOwnWorkflow(name, resolved);
    }
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

  /** Adds the objects of a class to `env`; a class of this Worker needs a history, see {@link addMigration}. */
  addDurableObject(name: string, binding: DurableObjectBinding): void {
    const { className, scriptName } = binding ?? {};
    const other = scriptName === undefined ? {} : { scriptName };
    this.addBinding(name, { type: "durable_object_namespace", className, ...other });
  }

  /** Adds a step to the end of the history of this Worker's Durable Object classes. */
  addMigration(migration: ClassMigration): void {
    this.classes.addMigration(migration);
  }

  /** Adds a workflow to `env`, and the workflow itself where the class is this Worker's. */
  addWorkflow(name: string, binding: WorkflowBinding): void {
    const { className, workflowName, scriptName } = binding ?? {};
    this.addBinding(name, {
      type: "workflow",
      className,
      workflowName: workflowName ?? defaultWorkflowName(this, textOrNone(name)),
      ...(scriptName === undefined ? {} : { scriptName }),
    });
  }

  /** Lets the Worker answer a zone's addresses that match a pattern. */
  addRoute(props: Omit<WorkerRouteProps, "worker">): WorkerRoute {
    requireProps(this, ["zoneId", "pattern"], props);
    const id = freeId(this, "Route", props.pattern);
    return new WorkerRoute(this, id, { ...props, worker: this });
  }

  /** Makes the Worker the origin of a hostname. */
  addCustomDomain(props: Omit<WorkerCustomDomainProps, "worker">): WorkerCustomDomain {
    requireProps(this, ["zoneId", "hostname"], props);
    const id = freeId(this, "Domain", props.hostname);
    return new WorkerCustomDomain(this, id, { ...props, worker: this });
  }

  /** Calls the `scheduled` handler at these times: all of them at once, because a Worker has one list. */
  addCrons(crons: readonly string[]): WorkerCron {
    return new WorkerCron(this, freeId(this, "Crons"), { worker: this, crons });
  }

  /** Hands a queue's messages to the `queue` handler. */
  addQueueConsumer(props: Omit<QueueConsumerProps, "worker">): QueueConsumer {
    requireProps(this, ["queue", "batchSize", "maxRetries", "…"], props);
    const id = freeId(this, "Consumer", props.queue?.node?.id);
    return new QueueConsumer(this, id, { ...props, worker: this });
  }

  #addOwnWorkflow(name: string, { workflowName, className }: WorkerBindingOf<"workflow">): void {
    const props = { worker: this, workflowName, className };
    this.#address.openAfter(new WorkerWorkflow(this, `Workflow-${name}`, props).resource);
  }

  /** Brings the resource up to date with the bindings; JSON variables change the module, too. */
  #update(): void {
    this.#module.update(this.script, this.#bindings.jsonVarNames);
    this.script.putBindings(this.#bindings.render());
  }

  #validate({ declaration, bindings = {}, compatibilityFlags }: WorkerPropsAtSynth): string[] {
    const { problems, jsonVarNames, types } = this.#bindings;
    return [
      ...problems,
      ...checkImportableEnv(compatibilityFlags, jsonVarNames),
      ...(declaration === undefined ? [] : checkDeclaration(declaration, types, bindings)),
      ...this.classes.problems(this.#module.bundle),
      ...circleProblems(this.script),
    ];
  }
}
