import { WorkersKvNamespace } from "@cdktf/provider-cloudflare/lib/workers-kv-namespace";
import { Construct, type IConstruct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectedByDefault } from "../deletion-protection.js";
import { reportProblems } from "../report-problems.js";
import { soundProps } from "../sound-props.js";
import { escapeTemplate } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { IWorkerBindable, WorkerBindingOf } from "../workers/worker-binding.js";
import { kvRules, validateKvProps } from "./storage-validation.js";

export interface KvNamespaceProps {
  /**
   * What the dashboard calls the namespace; unique in the account. Changed in place, the data stays.
   * @default from the construct's path: `chat/titles` becomes `chat-titles`
   */
  readonly title?: string;

  /**
   * Refuses every plan that would delete the namespace with its data.
   * @default true in a stage that is production, otherwise false
   */
  readonly preventDestroy?: boolean;
}

/** A namespace, whether this stack declares it or it exists already. */
export interface IKvNamespace extends IConstruct, IWorkerBindable<WorkerBindingOf<"kv_namespace">> {
  /** The id Cloudflare gave it. */
  readonly namespaceId: string;
}

/**
 * A Workers KV namespace: keys and values, readable everywhere, eventually consistent.
 *
 * Destroying it deletes its data. Another `title` is a change in place.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/kv/
 *
 * @example
 * ```ts
 * const titles = new KvNamespace(stack, "titles");
 * worker.addBinding("TITLES", titles);
 * ```
 */
export class KvNamespace extends Construct implements IKvNamespace {
  /** A namespace of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromNamespaceId(scope: Construct, id: string, namespaceId: string): IKvNamespace {
    return new ImportedKvNamespace(scope, id, namespaceId);
  }

  /** The namespace's Terraform resource, for what the props do not cover. */
  readonly resource: WorkersKvNamespace;

  constructor(scope: Construct, id: string, props: KvNamespaceProps = {}) {
    super(scope, id);
    const { title, preventDestroy = protectedByDefault(this) } = soundProps(this, kvRules, props);
    this.resource = new WorkersKvNamespace(this, "Resource", {
      accountId: Cloudflare.of(this).accountId,
      title: escapeTemplate(title ?? defaultName(this, { maxLength: 63, underscores: true })),
      lifecycle: { preventDestroy },
    });
    reportProblems(this, validateKvProps(props));
  }

  get namespaceId(): string {
    return this.resource.id;
  }

  get workerBinding(): WorkerBindingOf<"kv_namespace"> {
    return { type: "kv_namespace", namespaceId: this.namespaceId };
  }

  /**
   * Takes over a namespace that exists already, at the next deploy, instead of creating it. Needs
   * Terraform on PATH at synth, and may be removed after the deploy.
   */
  importFrom(namespaceId: string): void {
    this.resource.importFrom(`${Cloudflare.of(this).accountId}/${namespaceId}`);
  }
}

class ImportedKvNamespace extends Construct implements IKvNamespace {
  readonly namespaceId: string;

  constructor(scope: Construct, id: string, namespaceId: string) {
    super(scope, id);
    this.namespaceId = namespaceId;
    reportProblems(this, checkId("namespaceId", namespaceId));
  }

  get workerBinding(): WorkerBindingOf<"kv_namespace"> {
    return { type: "kv_namespace", namespaceId: this.namespaceId };
  }
}
