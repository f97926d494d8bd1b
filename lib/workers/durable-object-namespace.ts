import { dependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { applyRules, type PropRules, show, wrongValue } from "../prop-rules.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { requireProps, textOrNone } from "../sound-props.js";
import { TerraformData } from "../terraform-data.js";
import { checkClassName } from "./class-name.js";
import type { Worker } from "./worker.js";
import type { IWorkerBindable, WorkerBindingOf } from "./worker-binding.js";
import { isWorker, scriptNameOf } from "./worker-target.js";

export interface DurableObjectNamespaceProps {
  /** The Worker that has the class. */
  readonly worker: Worker;

  /** Name of the class, as the Worker's bundle exports it and its `migrations` begin it. */
  readonly className: string;
}

/** What a namespace's props are checked for. */
export const durableObjectNamespaceRules: PropRules<DurableObjectNamespaceProps> = {
  worker: [
    {
      name: "worker-namespace-worker",
      check: ({ worker }) =>
        isWorker(worker)
          ? undefined
          : wrongValue("worker", worker, "the Worker that has the class"),
    },
  ],
  className: [
    {
      name: "worker-namespace-class-name",
      check: ({ className }) => checkClassName("className", className),
    },
    {
      name: "worker-namespace-without-history",
      check: ({ worker, className }) =>
        isWorker(worker) &&
        checkClassName("className", className) === undefined &&
        worker.classes.tagOf(className) === undefined
          ? `className: the Worker ${worker.node.path} has no class ${show(className)}${worker.classes.advice(className)}`
          : undefined,
    },
  ],
};

/**
 * The objects of a Durable Object class, for other Workers to use, and their namespace's id.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/durable-objects/
 *
 * @example
 * ```ts
 * const rooms = new DurableObjectNamespace(stack, "rooms", { worker: chat, className: "Room" });
 * admin.addBinding("ROOMS", rooms);
 * ```
 */
export class DurableObjectNamespace
  extends Construct
  implements IWorkerBindable<WorkerBindingOf<"durable_object_namespace">>
{
  readonly className: string;

  /** The Worker that has the class. */
  readonly worker: Worker;

  #list: RestOperation | undefined;

  constructor(scope: Construct, id: string, props: DurableObjectNamespaceProps) {
    super(scope, id);
    requireProps(this, Object.keys(durableObjectNamespaceRules), props);
    const { worker, className } = props;
    this.className = textOrNone(className);
    this.worker = worker;
    // At synth, because the Worker's history may still grow.
    this.node.addValidation({
      validate: () => [...applyRules(durableObjectNamespaceRules, { ...props, worker, className })],
    });
  }

  get workerBinding(): WorkerBindingOf<"durable_object_namespace"> & {
    readonly scriptName: string;
  } {
    return {
      type: "durable_object_namespace",
      className: this.className,
      scriptName: scriptNameOf(this.worker),
    };
  }

  /**
   * Id of the namespace. Read once, after the deploy that begins or renames the class, and kept: a deploy of
   * code alone leaves it known.
   */
  get namespaceId(): string {
    this.#list ??= this.#readList();
    const { fqn } = this.#list;
    const { className, worker } = this;
    return `\${one([for namespace in ${fqn}.output.result : namespace.id if namespace.class == "${className}" && namespace.script == ${worker.script.fqn}.script_name])}`;
  }

  #readList(): RestOperation {
    const born = new TerraformData(this, "Born", {
      input: Lazy.stringValue({
        // The id, not the name: it is unknown while a Worker is made, so that one that is made again, because
        // somebody deleted it, has its new namespace read.
        produce: () =>
          `${this.worker.script.id}/${this.className}@${this.worker.classes.tagOf(this.className)}`,
      }),
    });
    return new RestOperation(this, "List", {
      path: `/accounts/${Cloudflare.of(this).accountId}/workers/durable_objects/namespaces`,
      method: "GET",
      query: { per_page: ["1000"] },
      outputAttrs: ["result"],
      dependsOn: [this.worker.script],
      lifecycle: { replaceTriggeredBy: [dependable(born)] },
    });
  }
}
