import { show, showName, unknownKeys, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { checkClassName } from "./class-name.js";
import type { WorkerBinding, WorkerBindingOf } from "./worker-binding.js";

/** What each type of binding needs, each a text; the keys of `ratelimit` do not matter, for it is refused. */
const needed = {
  analytics_engine: ["dataset"],
  browser: [],
  d1: ["id"],
  durable_object_namespace: ["className"],
  hyperdrive: ["id"],
  kv_namespace: ["namespaceId"],
  queue: ["queueName"],
  r2_bucket: ["bucketName"],
  ratelimit: [],
  secrets_store_secret: ["storeId", "secretName"],
  service: ["service"],
  vectorize: ["indexName"],
  version_metadata: [],
  workflow: ["workflowName", "className"],
} as const satisfies {
  readonly [Type in WorkerBinding["type"]]: readonly (keyof WorkerBindingOf<Type>)[];
};

/** What a binding may have besides. */
const optional: { readonly [Type in WorkerBinding["type"]]?: readonly string[] } = {
  durable_object_namespace: ["scriptName"],
  r2_bucket: ["jurisdiction"],
  ratelimit: ["namespaceId", "simple"],
  service: ["environment"],
  workflow: ["scriptName"],
};

/** What is wrong with the form of a binding, which plain JavaScript lets through. */
export function bindingFormProblem(name: string, binding: unknown): string | undefined {
  const at = `bindings.${showName(name)}`;
  if (typeof binding !== "object" || binding === null) {
    return wrongValue(at, binding, "a construct such as a KvNamespace, or a binding written out");
  }
  const { type, ...rest } = binding as Readonly<Record<string, unknown>>;
  if (typeof type !== "string" || !Object.hasOwn(needed, type)) {
    return `${at}.type: got ${show(type)}; the types are ${Object.keys(needed).join(", ")}. Texts go into vars, JSON into jsonVars, secrets into secrets.`;
  }
  const missing = needed[type as WorkerBinding["type"]].find(
    (key) => !isToken(rest[key]) && (typeof rest[key] !== "string" || rest[key] === ""),
  );
  if (missing !== undefined) {
    return wrongValue(`${at}.${missing}`, rest[missing], `a text: ${type} needs it`);
  }
  const [unknown] = unknownKeys(at, binding, [
    "type",
    ...needed[type as WorkerBinding["type"]],
    ...(optional[type as WorkerBinding["type"]] ?? []),
  ]);
  if (unknown !== undefined) return unknown;
  const { className } = rest;
  return className === undefined || isToken(className)
    ? undefined
    : checkClassName(`${at}.className`, className);
}
