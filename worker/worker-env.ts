import type { AI_BINDING_NAME } from "../protocol/binding.js";
import type { BindingDeclaration, WorkerBindingsDeclaration } from "../protocol/worker-bindings.js";

/**
 * The `Env` of a Worker, from the declaration its stack was given. The types are those of the runtime, so
 * the project needs `@cloudflare/workers-types` or the output of `wrangler types`; that is why it has an
 * entry of its own, `cdktf-cloudflare-ai-gateway/worker/env`: the client alone needs neither.
 *
 * @typeParam Declaration What `workerBindings` returned.
 * @typeParam Types What a declaration cannot say, by name: the class of a Durable Object, a container or a
 * service (for calls of its methods), the parameters of a workflow, the messages of a queue, the shape of a
 * JSON variable.
 *
 * @example
 * ```ts
 * export type Env = WorkerEnv<typeof BINDINGS, { ROOM: Room; SUMMARIES: SummaryParams }>;
 * ```
 */
export type WorkerEnv<
  Declaration extends WorkerBindingsDeclaration,
  // biome-ignore lint/complexity/noBannedTypes: no type given for any name
  Types extends BindingTypes<Declaration, Types> = {},
> = {
  readonly [Name in keyof Declaration]: BindingOf<
    Declaration[Name],
    Name extends keyof Types ? Types[Name] : undefined
  >;
} & { readonly [Name in AiNames<Declaration>]: Ai };

/** What may be said about each name; a name that is not declared, or has no such type, does not compile. */
export type BindingTypes<Declaration extends WorkerBindingsDeclaration, Types> = {
  readonly [Name in keyof Types]: Name extends keyof Declaration
    ? TypeBound<Declaration[Name]>
    : never;
};

type TypeBound<Binding extends BindingDeclaration> = Binding["type"] extends
  | "durable_object_namespace"
  | "container"
  ? Rpc.DurableObjectBranded
  : Binding["type"] extends "service"
    ? Rpc.WorkerEntrypointBranded
    : Binding["type"] extends "plain_text"
      ? string
      : Binding["type"] extends "workflow" | "queue" | "json"
        ? unknown
        : never;

/** Names of the `ai` bindings that the declared gateways are reached through. */
type AiNames<Declaration extends WorkerBindingsDeclaration> = {
  [Name in keyof Declaration]: Declaration[Name] extends { readonly type: "ai_gateway" }
    ? Declaration[Name] extends { readonly ai: infer Ai extends string }
      ? Ai
      : typeof AI_BINDING_NAME
    : never;
}[keyof Declaration];

/** What one declared name is in `env`. `Type` is undefined where nothing was said about it. */
export type BindingOf<Binding extends BindingDeclaration, Type> = Binding["type"] extends infer Kind
  ? Kind extends "durable_object_namespace" | "container"
    ? Type extends Rpc.DurableObjectBranded
      ? DurableObjectNamespace<Type>
      : DurableObjectNamespace
    : Kind extends "service"
      ? Type extends Rpc.WorkerEntrypointBranded
        ? Service<Type>
        : Fetcher
      : Kind extends "workflow"
        ? Workflow<Type extends undefined ? unknown : Type>
        : Kind extends "queue"
          ? Queue<Type extends undefined ? unknown : Type>
          : Kind extends "json"
            ? Type extends undefined
              ? unknown
              : Type
            : Kind extends "plain_text"
              ? Type extends string
                ? Type
                : string
              : Kind extends keyof SimpleBindings
                ? SimpleBindings[Kind]
                : never
  : never;

interface SimpleBindings {
  /** The gateway's id; `aiGateway(env, name)` makes it a client. */
  readonly ai_gateway: string;
  readonly ai: Ai;
  readonly analytics_engine: AnalyticsEngineDataset;
  readonly assets: Fetcher;
  readonly browser: Fetcher;
  readonly d1: D1Database;
  readonly hyperdrive: Hyperdrive;
  readonly kv_namespace: KVNamespace;
  readonly r2_bucket: R2Bucket;
  readonly secret_text: string;
  readonly secrets_store_secret: SecretsStoreSecret;
  readonly vectorize: Vectorize;
  readonly version_metadata: WorkerVersionMetadata;
}
