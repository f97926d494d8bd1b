import { scriptKey } from "../script-key.js";
import type { ScriptBinding, UploadedScript } from "../uploaded-script.js";
import type { MiniflareDurableObject, MiniflareWorker } from "./miniflare-worker.js";
import { ownsClass, type PlaceholderWorkers, placeholderKey } from "./placeholder-workers.js";
import { renderSecretBindings } from "./secret-workers.js";

export interface ScriptNeighbours {
  /** Every script of the instance, by key. */
  readonly scripts: ReadonlyMap<string, UploadedScript>;
  readonly placeholders: PlaceholderWorkers;
}

type Products = Pick<
  MiniflareWorker,
  | "durableObjects"
  | "additionalUnboundDurableObjects"
  | "workflows"
  | "kvNamespaces"
  | "r2Buckets"
  | "d1Databases"
  | "queueProducers"
  | "queueConsumers"
  | "serviceBindings"
  | "ratelimits"
  | "versionMetadata"
  | "analyticsEngineDatasets"
>;

/** The bindings that lead to another product or script, in the words of miniflare. */
export function renderProductBindings(
  script: UploadedScript,
  neighbours: ScriptNeighbours,
): Products {
  const of = bindingsOf(script.bindings);
  const versionMetadata = script.bindings.find(({ type }) => type === "version_metadata")?.name;
  return {
    ...renderDurableObjects(script, neighbours),
    workflows: of("workflow", (binding) => renderWorkflow(script, binding, neighbours)),
    kvNamespaces: of("kv_namespace", ({ namespace_id }) => namespace_id),
    r2Buckets: of("r2_bucket", ({ bucket_name }) => bucket_name),
    d1Databases: of("d1", ({ id }) => id),
    queueProducers: of("queue", ({ queue_name, delivery_delay }) => ({
      queueName: queue_name,
      ...(delivery_delay === undefined ? {} : { deliveryDelay: delivery_delay }),
    })),
    queueConsumers: Object.fromEntries(
      (script.queueConsumers ?? []).map(({ queueName, maxBatchTimeoutMs, ...consumer }) => [
        queueName,
        {
          ...consumer,
          ...(maxBatchTimeoutMs === undefined
            ? {}
            : { maxBatchTimeout: maxBatchTimeoutMs / 1_000 }),
        },
      ]),
    ),
    serviceBindings: {
      ...of("service", ({ service, entrypoint }) =>
        renderService({ accountId: script.accountId, name: service }, entrypoint, neighbours),
      ),
      ...renderSecretBindings(script),
    },
    ratelimits: of("ratelimit", ({ namespace_id, simple }) => ({ namespace_id, simple })),
    analyticsEngineDatasets: of("analytics_engine", ({ dataset }) => ({ dataset })),
    ...(versionMetadata === undefined ? {} : { versionMetadata }),
  };
}

function renderDurableObjects(
  script: UploadedScript,
  { scripts, placeholders }: ScriptNeighbours,
): Pick<MiniflareWorker, "durableObjects" | "additionalUnboundDurableObjects"> {
  const bound = new Set<string>();
  const durableObjects: Record<string, MiniflareDurableObject> = {};
  for (const binding of script.bindings) {
    if (binding.type !== "durable_object_namespace") continue;
    const owner = { accountId: script.accountId, name: binding.script_name ?? script.name };
    const isOwn = owner.name === script.name;
    const ownerKey = scriptKey(owner.accountId, owner.name);
    const ownerScript = isOwn ? script : scripts.get(ownerKey);
    if (isOwn) {
      if (!ownsClass(script, binding.class_name)) {
        throw new Error(
          `Durable Object class "${binding.class_name}" of binding "${binding.name}" is not among the classes of Worker "${script.name}": declare it in a migration (new_sqlite_classes).`,
        );
      }
      bound.add(binding.class_name);
    }
    if (ownerScript !== undefined && ownsClass(ownerScript, binding.class_name)) {
      durableObjects[binding.name] = {
        ...renderClass(ownerScript, binding.class_name),
        ...(isOwn ? {} : { scriptName: ownerKey }),
      };
      continue;
    }
    const scriptName = placeholders.add(owner, binding.class_name, "object");
    durableObjects[binding.name] = {
      className: binding.class_name,
      scriptName,
      useSQLite: true,
      unsafeUniqueKey: placeholderKey(scriptName, binding.class_name),
    };
  }
  const unbound = (script.durableObjects ?? []).filter(({ className }) => !bound.has(className));
  return {
    durableObjects,
    additionalUnboundDurableObjects: unbound.map(({ className }) => renderClass(script, className)),
  };
}

function renderClass(script: UploadedScript, className: string): MiniflareDurableObject {
  const owned = script.durableObjects?.find((one) => one.className === className);
  return {
    className,
    useSQLite: owned?.sqlite ?? true,
    unsafeUniqueKey: owned?.storageKey ?? `${script.name}-${className}`,
    ...(owned?.container === undefined ? {} : { container: { imageName: owned.container.image } }),
  };
}

function renderWorkflow(
  script: UploadedScript,
  { workflow_name, class_name, script_name }: ScriptBinding & { readonly type: "workflow" },
  { scripts, placeholders }: ScriptNeighbours,
) {
  const owner = { accountId: script.accountId, name: script_name ?? script.name };
  const ownerKey = scriptKey(owner.accountId, owner.name);
  const isThere = owner.name === script.name || scripts.has(ownerKey);
  return {
    name: workflow_name,
    className: class_name,
    scriptName: isThere ? ownerKey : placeholders.add(owner, class_name, "entrypoint"),
  };
}

function renderService(
  target: { readonly accountId: string; readonly name: string },
  entrypoint: string | undefined,
  { scripts, placeholders }: ScriptNeighbours,
) {
  const key = scriptKey(target.accountId, target.name);
  return {
    name: scripts.has(key) ? key : placeholders.add(target, entrypoint, "entrypoint"),
    ...(entrypoint === undefined ? {} : { entrypoint }),
  };
}

/** The bindings of one type, by name. */
function bindingsOf(bindings: readonly ScriptBinding[]) {
  return <Type extends ScriptBinding["type"], Rendered>(
    type: Type,
    render: (binding: Extract<ScriptBinding, { readonly type: Type }>) => Rendered,
  ): Record<string, Rendered> =>
    Object.fromEntries(
      bindings
        .filter(
          (binding): binding is Extract<ScriptBinding, { readonly type: Type }> =>
            binding.type === type,
        )
        .map((binding) => [binding.name, render(binding)]),
    );
}
