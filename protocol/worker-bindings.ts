/**
 * What one name in a Worker's `env` stands for: the type in the words of Cloudflare's upload, and what the
 * Worker's code has to know of it. Ids and names of things come from the stack.
 *
 * `ai_gateway` and `container` are words of this library: a gateway is its id beside the `ai` binding, a
 * container the class in front of it.
 */
export type BindingDeclaration =
  | {
      readonly type: "ai_gateway";
      /** Name of the `ai` binding the gateway is reached through. @default "AI" */
      readonly ai?: string;
    }
  | {
      readonly type: "durable_object_namespace";
      /** Name of the class, as the bundle exports it. */
      readonly className: string;
    }
  | {
      readonly type: "workflow";
      /** Name of the class, as the bundle exports it. */
      readonly className: string;
      /** Name of the workflow in the account. @default from the Worker's path and the binding's name */
      readonly workflowName?: string;
    }
  | { readonly type: PlainBindingType };

/** Bindings whose declaration needs no more than their type. */
export type PlainBindingType = (typeof plainTypes)[number];

const plainTypes = [
  "ai",
  "analytics_engine",
  "assets",
  "browser",
  "container",
  "d1",
  "hyperdrive",
  "json",
  "kv_namespace",
  "plain_text",
  "queue",
  "r2_bucket",
  "secret_text",
  "secrets_store_secret",
  "service",
  "vectorize",
  "version_metadata",
] as const;

/** Every type a declaration may name. */
export const bindingTypes: readonly BindingDeclaration["type"][] = [
  "ai_gateway",
  "durable_object_namespace",
  "workflow",
  ...plainTypes,
];

/** All names of a Worker's `env`. */
export type WorkerBindingsDeclaration = Readonly<Record<string, BindingDeclaration>>;

/**
 * Declares everything a Worker finds in `env` once, for the stack and for the Worker's code.
 *
 * The stack passes it to `new Worker(…, { declaration: BINDINGS, bindings: { … } })` and must give each
 * name a value of its type; the Worker's code takes its `Env` from it. Both are checked by the compiler,
 * and no file is generated that could be out of date.
 *
 * @example
 * ```ts
 * export const BINDINGS = workerBindings({
 *   GATEWAY: { type: "ai_gateway" },
 *   ROOM: { type: "durable_object_namespace", className: "Room" },
 *   FILES: { type: "r2_bucket" },
 * });
 * ```
 */
export function workerBindings<const Declaration extends WorkerBindingsDeclaration>(
  declaration: Declaration,
): Declaration {
  return declaration;
}
