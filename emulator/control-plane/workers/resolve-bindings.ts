import type { StoredBinding } from "../../state/state-document.js";
import { ApiError } from "../api-error.js";

/** A binding that is to stay what it was in the version before, perhaps under another name. */
export interface InheritedBinding {
  readonly type: "inherit";
  readonly name: string;
  readonly old_name?: string;
  readonly version_id?: "latest";
}

/**
 * The bindings of a version: what the upload declares, what it inherits by name, and what it keeps
 * by type of the version before.
 *
 * @param rename gives a binding another name; a secret's seal holds its name.
 * @throws {ApiError} 400/10057 when there is nothing to inherit
 */
export function resolveBindings(
  declared: readonly (StoredBinding | InheritedBinding)[],
  keepTypes: readonly string[],
  before: readonly StoredBinding[],
  rename: (binding: StoredBinding, name: string) => StoredBinding,
): StoredBinding[] {
  const resolved = declared.map((binding) => {
    if (binding.type !== "inherit") return binding;
    const oldName = binding.old_name ?? binding.name;
    const old = before.find(({ name }) => name === oldName);
    if (old) return old.name === binding.name ? old : rename(old, binding.name);
    const names = before.map(({ name }) => name).join(", ") || "none";
    throw ApiError.of(
      400,
      "inheritBinding",
      `The binding "${binding.name}" inherits from "${oldName}", which the version before has not.`,
      `The bindings of the version before: ${names}.`,
    );
  });
  const names = new Set(resolved.map(({ name }) => name));
  const kept = before.filter(({ type, name }) => keepTypes.includes(type) && !names.has(name));
  return [...resolved, ...kept];
}
