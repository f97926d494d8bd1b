import type { StoredClass } from "../../state/state-document.js";
import { ApiError } from "../api-error.js";
import type { DeclaredExports } from "./class-change-schema.js";
import { type ClassRegistry, findClass, newClass } from "./class-registry.js";

/**
 * The registry after a script declared all its classes at once. Declaring the same again changes
 * nothing: a tombstone whose class is gone already has no effect.
 *
 * @throws {ApiError} 400 when a class the script has is not mentioned, or does not fit
 * @see https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
 */
export function applyExports(
  registry: ClassRegistry,
  scriptName: string,
  exports: DeclaredExports,
): ClassRegistry {
  const next = new Map(registry);
  const set = (script: string, change: (classes: readonly StoredClass[]) => StoredClass[]) =>
    next.set(script, change(next.get(script) ?? []));
  const entries = Object.entries(exports);

  for (const [name, entry] of entries) {
    const old = findClass(next, scriptName, name);
    if (!old || !("state" in entry)) continue;
    if (entry.state === "deleted") set(scriptName, (all) => all.filter((one) => one !== old));
    if (entry.state === "renamed") {
      const to = entry.renamed_to;
      requireLive(exports, name, to);
      if (findClass(next, scriptName, to))
        throw conflict(
          `"${name}" cannot be renamed to "${to}": there is a class of that name already.`,
        );
      set(scriptName, (all) => all.map((one) => (one === old ? { ...one, class_name: to } : one)));
    }
  }
  for (const [name, entry] of entries) {
    if (!("storage" in entry)) continue;
    const sqlite = entry.storage === "sqlite";
    const from = entry.transfer_from;
    const there = from === undefined ? undefined : findClass(next, from, name);
    let own = findClass(next, scriptName, name);
    if (from !== undefined && there && !own) {
      set(from, (all) => all.filter((one) => one !== there));
      own = { ...there, container: false };
      set(scriptName, (all) => [...all, own as StoredClass]);
    } else if (from !== undefined && !own) {
      throw conflict(`"${name}" cannot be transferred from "${from}", which has no such class.`);
    }
    if (!own) {
      set(scriptName, (all) => [...all, newClass(name, sqlite)]);
    } else if (own.sqlite !== sqlite) {
      const is = own.sqlite ? "sqlite" : "legacy-kv";
      throw conflict(
        `"${name}" has storage "${is}"; that of a class which is there cannot change.`,
      );
    }
  }
  const forgotten = (next.get(scriptName) ?? []).find(({ class_name }) => !exports[class_name]);
  if (forgotten) {
    const name = forgotten.class_name;
    throw ApiError.of(
      400,
      "classInUse",
      `The class '${name}' is depended on by existing Durable Objects and not in exports.`,
      `Declare it, or what became of it: {"type": "durable-object", "state": "deleted"} deletes its objects.`,
    );
  }
  return next;
}

function requireLive(exports: DeclaredExports, from: string, to: string): void {
  const target = exports[to];
  if (target && "storage" in target) return;
  throw conflict(`"${from}" is renamed to "${to}", which exports does not declare.`);
}

function conflict(message: string): ApiError {
  return ApiError.of(400, "classConflict", `exports: ${message}`);
}
