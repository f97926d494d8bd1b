import type { ScriptBinding, UploadedScript } from "./uploaded-script.js";

const storedBindings: ReadonlySet<ScriptBinding["type"]> = new Set([
  "durable_object_namespace",
  "workflow",
  "kv_namespace",
  "r2_bucket",
  "d1",
  "queue",
]);

/**
 * Whether a script keeps state inside workerd. Only one workerd may run such a script: two would
 * write the same files, and a Durable Object would exist twice.
 */
export const hasStorage = (script: UploadedScript): boolean =>
  script.bindings.some(({ type }) => storedBindings.has(type)) ||
  (script.durableObjects?.length ?? 0) > 0 ||
  (script.queueConsumers?.length ?? 0) > 0;

/** Names of the scripts that this one's bindings lead to, itself left out. */
export function boundScripts(script: UploadedScript): readonly string[] {
  const names = script.bindings.flatMap((binding) => {
    if (binding.type === "service") return [binding.service];
    if (binding.type !== "durable_object_namespace" && binding.type !== "workflow") return [];
    return binding.script_name === undefined ? [] : [binding.script_name];
  });
  return names.filter((name) => name !== script.name);
}
