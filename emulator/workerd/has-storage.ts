import type { ScriptKey } from "./script-key.js";
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
function boundScripts(script: UploadedScript): readonly string[] {
  const names = script.bindings.flatMap((binding) => {
    if (binding.type === "service") return [binding.service];
    if (binding.type !== "durable_object_namespace" && binding.type !== "workflow") return [];
    return binding.script_name === undefined ? [] : [binding.script_name];
  });
  return names.filter((name) => name !== script.name);
}

/** What a generation with these scripts needs. */
export const storageOf = (
  scripts: ReadonlyMap<ScriptKey, UploadedScript>,
): "lasting" | "temporary" => ([...scripts.values()].some(hasStorage) ? "lasting" : "temporary");

/** Whether the running generation must end because these scripts were taken out of it. */
export function isMissed(
  removed: readonly UploadedScript[],
  rest: ReadonlyMap<ScriptKey, UploadedScript>,
): boolean {
  if (rest.size === 0) return false;
  if (removed.some(hasStorage)) return true;
  return removed.some(({ accountId, name }) =>
    [...rest.values()].some(
      (script) => script.accountId === accountId && boundScripts(script).includes(name),
    ),
  );
}
