/**
 * A binding to something that exists outside the Worker. Text, JSON, secrets and the `ai` binding have
 * props and methods of their own.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/
 */
export type WorkerBinding =
  | { readonly type: "analytics_engine"; readonly dataset: string }
  | { readonly type: "browser" }
  | { readonly type: "d1"; readonly id: string }
  | { readonly type: "hyperdrive"; readonly id: string }
  | { readonly type: "kv_namespace"; readonly namespaceId: string }
  | { readonly type: "queue"; readonly queueName: string }
  | {
      readonly type: "r2_bucket";
      readonly bucketName: string;
      readonly jurisdiction?: "eu" | "fedramp";
    }
  | { readonly type: "secrets_store_secret"; readonly storeId: string; readonly secretName: string }
  | { readonly type: "service"; readonly service: string; readonly environment?: string }
  | { readonly type: "vectorize"; readonly indexName: string }
  | { readonly type: "version_metadata" };
