import { randomHex } from "../../ids.js";
import type { StoredBinding, StoredClass, StoredScript } from "../../state/state-document.js";
import { ApiError } from "../api-error.js";

/** Every Durable Object class of the account, by the script that owns it. Never changed in place. */
export type ClassRegistry = ReadonlyMap<string, readonly StoredClass[]>;

export type ClassBinding = Extract<StoredBinding, { type: "durable_object_namespace" }>;

/** Where a class is: the script that owns it, and its name there. */
export interface ClassPlace {
  readonly scriptName: string;
  readonly storedClass: StoredClass;
}

export function classRegistry(scripts: readonly StoredScript[]): ClassRegistry {
  return new Map(scripts.map(({ name, classes }) => [name, classes]));
}

export function newClass(className: string, sqlite: boolean): StoredClass {
  return { class_name: className, namespace_id: randomHex(16), sqlite, container: false };
}

export function findClass(
  registry: ClassRegistry,
  scriptName: string,
  className: string,
): StoredClass | undefined {
  return registry.get(scriptName)?.find(({ class_name }) => class_name === className);
}

/** Where the class with this namespace is. */
export function findNamespace(
  registry: ClassRegistry,
  namespaceId: string,
): ClassPlace | undefined {
  for (const [scriptName, classes] of registry) {
    const storedClass = classes.find(({ namespace_id }) => namespace_id === namespaceId);
    if (storedClass) return { scriptName, storedClass };
  }
  return undefined;
}

/** The classes that are in `before` and nowhere in `after`. */
export function droppedClasses(before: ClassRegistry, after: ClassRegistry): ClassPlace[] {
  return [...before].flatMap(([scriptName, classes]) =>
    classes
      .filter(({ namespace_id }) => !findNamespace(after, namespace_id))
      .map((storedClass) => ({ scriptName, storedClass })),
  );
}

/**
 * A binding that goes on pointing to its class when that was renamed or moved; undefined when the
 * class is gone.
 */
export function followClass(
  binding: ClassBinding,
  scriptName: string,
  before: ClassRegistry,
  after: ClassRegistry,
): ClassBinding | undefined {
  const old = findClass(before, binding.script_name ?? scriptName, binding.class_name);
  const place = old && findNamespace(after, old.namespace_id);
  if (!place) return undefined;
  const { script_name: _, ...rest } = binding;
  return {
    ...rest,
    class_name: place.storedClass.class_name,
    ...(place.scriptName === scriptName ? {} : { script_name: place.scriptName }),
  };
}

/**
 * Holds the classes of a script to what its main module exports.
 * @param exported undefined when that cannot be told from the code
 * @throws {ApiError} 10070 for a class that is new here, 10064 for one that was here before
 */
export function checkExported(
  scriptName: string,
  before: ClassRegistry,
  after: ClassRegistry,
  exported: ReadonlySet<string> | undefined,
): void {
  if (!exported) return;
  for (const { class_name: name, namespace_id } of after.get(scriptName) ?? []) {
    if (exported.has(name)) continue;
    const old = findNamespace(before, namespace_id);
    if (old?.scriptName === scriptName && old.storedClass.class_name === name) {
      throw ApiError.of(
        400,
        "classInUse",
        `New version of script does not export class '${name}' which is depended on by existing Durable Objects. If you want to delete the Durable Objects, use a delete-class migration.`,
      );
    }
    const kind = !old
      ? "new-class"
      : old.scriptName === scriptName
        ? "rename-class"
        : "transfer-class";
    const names = [...exported].join(", ") || "nothing";
    throw ApiError.of(
      400,
      "classNotExported",
      `Cannot apply ${kind} migration to class '${name}' that is not exported by script.`,
      `The main module exports ${names}.`,
    );
  }
}
