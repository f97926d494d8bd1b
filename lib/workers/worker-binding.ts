/**
 * A binding to something that exists outside the Worker, in the words of Cloudflare's upload. Text, JSON,
 * secrets and the `ai` binding have props and methods of their own.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/
 */
export type WorkerBinding =
  | { readonly type: "analytics_engine"; readonly dataset: string }
  | { readonly type: "browser" }
  | { readonly type: "d1"; readonly id: string }
  | {
      readonly type: "durable_object_namespace";
      readonly className: string;
      /** The Worker that has the class. @default this Worker */
      readonly scriptName?: string;
    }
  | { readonly type: "hyperdrive"; readonly id: string }
  | { readonly type: "kv_namespace"; readonly namespaceId: string }
  | { readonly type: "queue"; readonly queueName: string }
  | {
      readonly type: "r2_bucket";
      readonly bucketName: string;
      readonly jurisdiction?: "eu" | "fedramp";
    }
  | {
      /** Refused by {@link Worker}: the provider's version cannot send it. */
      readonly type: "ratelimit";
      readonly namespaceId: string;
      readonly simple: { readonly limit: number; readonly period: 10 | 60 };
    }
  | { readonly type: "secrets_store_secret"; readonly storeId: string; readonly secretName: string }
  | { readonly type: "service"; readonly service: string; readonly environment?: string }
  | { readonly type: "vectorize"; readonly indexName: string }
  | { readonly type: "version_metadata" }
  | {
      readonly type: "workflow";
      readonly workflowName: string;
      readonly className: string;
      /** The Worker that has the class. @default this Worker */
      readonly scriptName?: string;
    };

/** The binding of one type. */
export type WorkerBindingOf<Type extends WorkerBinding["type"]> = Extract<
  WorkerBinding,
  { readonly type: Type }
>;

/**
 * Something a Worker can be given by a name: a namespace, a bucket, a queue, another Worker.
 *
 * @typeParam Binding Its type of binding. A construct that names it can be told apart by the compiler where
 * a Worker declares its bindings.
 */
export interface IWorkerBindable<Binding extends WorkerBinding = WorkerBinding> {
  readonly workerBinding: Binding;
}

/** The binding of either form; what is neither, which plain JavaScript lets through, comes back as it is. */
export const toWorkerBinding = (value: WorkerBinding | IWorkerBindable): WorkerBinding =>
  typeof value === "object" && value !== null && "workerBinding" in value
    ? value.workerBinding
    : value;
