import type { StoredClass } from "../../state/state-document.js";
import { ApiError, TakenError } from "../api-error.js";
import type { MigrationStep, Migrations } from "./class-change-schema.js";
import { type ClassRegistry, findClass, newClass } from "./class-registry.js";

/**
 * The registry after a script's steps, in their order. A rename keeps a class's namespace, and with
 * it what its objects stored; a transfer takes both to another script.
 *
 * @throws {ApiError} 400/10074 when a step does not fit what is there
 * @see https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
 */
export function applyMigrations(
  registry: ClassRegistry,
  scriptName: string,
  steps: readonly MigrationStep[],
): ClassRegistry {
  const next = new Map(registry);
  const own = () => next.get(scriptName) ?? [];
  const set = (script: string, classes: readonly StoredClass[]) => next.set(script, classes);
  const take = (kind: string, script: string, className: string): StoredClass => {
    const found = findClass(next, script, className);
    if (!found) throw noSuchClass(kind, className, script, next);
    set(
      script,
      (next.get(script) ?? []).filter((other) => other !== found),
    );
    return found;
  };
  const add = (kind: string, storedClass: StoredClass) => {
    const { class_name: name } = storedClass;
    if (findClass(next, scriptName, name)) throw classExists(kind, name);
    set(scriptName, [...own(), storedClass]);
  };

  for (const step of steps) {
    for (const { from, to } of step.renamed_classes) {
      add("rename-class", { ...take("rename-class", scriptName, from), class_name: to });
    }
    for (const { from, from_script, to } of step.transferred_classes) {
      add("transfer-class", {
        ...take("transfer-class", from_script, from),
        class_name: to,
        container: false,
      });
    }
    for (const name of step.deleted_classes) take("delete-class", scriptName, name);
    for (const name of step.new_classes) add("new-class", newClass(name, false));
    for (const name of step.new_sqlite_classes) add("new-class", newClass(name, true));
  }
  return next;
}

/**
 * The tag a script has after its migrations.
 * @throws {ApiError} 412/10079 when they do not start where the script is
 */
export function nextMigrationTag(
  { oldTag, newTag }: Migrations,
  current: string | undefined,
): string | undefined {
  // Without any tag the caller asks for no check.
  if (oldTag === undefined && newTag === undefined) return current;
  if (oldTag !== current) {
    const is = current === undefined ? "there is no current tag" : `current tag is '${current}'`;
    const got = oldTag === undefined ? "no old_tag" : `old_tag '${oldTag}'`;
    throw (oldTag === undefined ? TakenError : ApiError).of(
      412,
      "migrationTag",
      `Migration tag precondition failed; ${is}.`,
      `The migrations have ${got}: send only the steps after the current tag, with it as old_tag.`,
    );
  }
  return newTag ?? current;
}

function classExists(kind: string, name: string): ApiError {
  const message = `Cannot apply ${kind} migration to class '${name}' that is already depended on by existing Durable Objects.`;
  return TakenError.of(400, "classConflict", message);
}

function noSuchClass(
  kind: string,
  name: string,
  scriptName: string,
  registry: ClassRegistry,
): ApiError {
  const names = (registry.get(scriptName) ?? []).map(({ class_name }) => class_name).join(", ");
  return ApiError.of(
    400,
    "classConflict",
    `Cannot apply ${kind} migration to class '${name}' which was not exported in the previous version of the script.`,
    `The Durable Object classes of "${scriptName}" at that step: ${names || "none"}.`,
  );
}
