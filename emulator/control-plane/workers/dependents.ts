import { ApiError } from "../api-error.js";
import { queueConsumersOf } from "./account-resources.js";
import type { ScriptStore } from "./store.js";

/**
 * Refuses to lose a script others depend on. Cloudflare's `?force=true` would leave them broken.
 * @throws {ApiError} 400/10064
 */
export function checkUnused(scriptName: string, store: ScriptStore): void {
  const [consumer] = queueConsumersOf(scriptName, store.account);
  if (consumer) {
    throw ApiError.of(
      400,
      "scriptInUse",
      "script still in use as a consumer for a queue",
      `Remove its consumer of the queue "${consumer.queueName}" first.`,
    );
  }
  for (const { name, bindings } of store.list()) {
    if (name === scriptName) continue;
    const binding = bindings.find(
      (one) =>
        (one.type === "service" && one.service === scriptName) ||
        ((one.type === "durable_object_namespace" || one.type === "workflow") &&
          one.script_name === scriptName),
    );
    if (!binding) continue;
    throw ApiError.of(
      400,
      "scriptInUse",
      `The Worker "${scriptName}" is still bound by the Worker "${name}" (binding "${binding.name}", ${binding.type}).`,
      "Remove the binding, or that Worker, first.",
    );
  }
}

/** @throws {ApiError} 400/10203 when one of them does not exist */
export function checkTailConsumers(
  tailConsumers: unknown,
  scriptName: string,
  store: ScriptStore,
): void {
  for (const { service } of (tailConsumers ?? []) as readonly { readonly service: string }[]) {
    if (service === scriptName || store.get(service)) continue;
    throw ApiError.of(
      400,
      "tailConsumer",
      "Tail Worker does not exist on this account. Check the Worker name and try again.",
      `The emulator has no Worker with the name "${service}".`,
    );
  }
}
