import type { StateDocument } from "../../state/state-document.js";
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

/**
 * What goes on naming a script that is deleted, in words for a person; undefined when nothing does.
 * It stays, as on Cloudflare: a Workflow's instances go on when the script is there again.
 */
export function leftBehind(
  scriptName: string,
  { products: { routes, domains, workflows } }: StateDocument,
): string | undefined {
  const names = [
    ...routes.flatMap(({ pattern, script }) => (script === scriptName ? [`route ${pattern}`] : [])),
    ...domains.flatMap(({ hostname, service }) =>
      service === scriptName ? [`custom domain ${hostname}`] : [],
    ),
    ...workflows.flatMap(({ name, script_name }) =>
      script_name === scriptName ? [`Workflow "${name}"`] : [],
    ),
  ];
  if (names.length === 0) return undefined;
  return `The Worker "${scriptName}" is deleted, but still named by ${names.join(", ")}: delete ${names.length === 1 ? "it" : "them"}, too, or deploy the Worker again.`;
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
