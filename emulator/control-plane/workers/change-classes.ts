import type { StoredBinding, StoredScript } from "../../state/state-document.js";
import { ApiError } from "../api-error.js";
import {
  type ClassRegistry,
  checkExported,
  classRegistry,
  droppedClasses,
  followClass,
} from "./class-registry.js";
import { applyExports } from "./declared-exports.js";
import { applyMigrations, nextMigrationTag } from "./migrations.js";
import type { ScriptMetadata } from "./schema.js";

/** What an upload does to the account's Durable Object classes. */
export interface ClassChange {
  readonly before: ClassRegistry;
  readonly after: ClassRegistry;
  readonly migrationTag: string | undefined;
  readonly declaresExports: boolean;
}

/**
 * @param exported what the main module exports; undefined when that is not known
 * @throws {ApiError} when the classes cannot change this way; nothing has changed then
 */
export function changeClasses(
  scriptName: string,
  { migrations, exports, containers }: ScriptMetadata,
  scripts: readonly StoredScript[],
  exported: ReadonlySet<string> | undefined,
): ClassChange {
  const old = scripts.find(({ name }) => name === scriptName);
  if (migrations && (exports || old?.declares_exports)) {
    const message = exports
      ? "An upload has migrations or exports, not both."
      : `"${scriptName}" declares its classes in exports; it cannot go back to migrations.`;
    throw ApiError.of(400, "badUpload", message);
  }
  // First the tag: steps that were applied already are told apart from steps that do not fit.
  const migrationTag = migrations
    ? nextMigrationTag(migrations, old?.migration_tag)
    : old?.migration_tag;
  const before = classRegistry(scripts);
  const changed = exports
    ? applyExports(before, scriptName, exports)
    : applyMigrations(before, scriptName, migrations?.steps ?? []);
  const after = new Map(changed).set(
    scriptName,
    markContainers(
      scriptName,
      changed,
      containers.map(({ class_name }) => class_name),
    ),
  );
  checkExported(scriptName, before, after, exported);
  return {
    before,
    after,
    migrationTag,
    declaresExports: exports !== undefined || (old?.declares_exports ?? false),
  };
}

/**
 * The other scripts an upload changes: those a class is taken from, and those with a binding to a
 * class that has a new name or place, which goes on working.
 *
 * @throws {ApiError} 400/10061 when another script binds a class that would be deleted
 */
export function changedNeighbours(
  scriptName: string,
  { before, after }: ClassChange,
  scripts: readonly StoredScript[],
): { readonly script: StoredScript; readonly before: StoredScript }[] {
  return scripts
    .filter(({ name }) => name !== scriptName)
    .flatMap((script) => {
      const classes = after.get(script.name) ?? [];
      const bindings = script.bindings.map((binding) =>
        followBinding(binding, script.name, before, after),
      );
      const same =
        classes === before.get(script.name) &&
        bindings.every((binding, index) => binding === script.bindings[index]);
      return same
        ? []
        : [{ script: { ...script, classes: [...classes], bindings }, before: script }];
    });
}

/** The same binding, unless its class has a new name or place. */
export function followBinding(
  binding: StoredBinding,
  scriptName: string,
  before: ClassRegistry,
  after: ClassRegistry,
): StoredBinding {
  if (binding.type !== "durable_object_namespace") return binding;
  const followed = followClass(binding, scriptName, before, after);
  if (!followed) {
    throw ApiError.of(
      400,
      "classBinding",
      `Cannot apply --delete-class migration to class '${binding.class_name}' without also removing the binding that references it.`,
      `The binding "${binding.name}" of the Worker "${scriptName}" references it.`,
    );
  }
  const same =
    followed.class_name === binding.class_name && followed.script_name === binding.script_name;
  return same ? binding : followed;
}

/** Names of the classes an upload deletes. */
export function deletedClassNames({ before, after }: ClassChange): ReadonlySet<string> {
  return new Set(droppedClasses(before, after).map(({ storedClass }) => storedClass.class_name));
}

function markContainers(scriptName: string, registry: ClassRegistry, names: readonly string[]) {
  const classes = registry.get(scriptName) ?? [];
  for (const name of names) {
    const found = classes.find(({ class_name }) => class_name === name);
    if (found?.sqlite) continue;
    const fault = found
      ? `keeps its objects in legacy-kv: a container needs the class to have SQLite storage.`
      : `is no Durable Object class of this Worker.`;
    throw ApiError.of(400, "badUpload", `containers: "${name}" ${fault}`);
  }
  return classes.map((one) => ({ ...one, container: names.includes(one.class_name) }));
}
