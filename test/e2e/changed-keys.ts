import type { ResourceChange } from "./workbench.js";

/** Keys of the request body that a plan changes, in their order. */
export function changedKeys(change: ResourceChange | undefined): string[] {
  const before = (change?.change.before?.body ?? {}) as Record<string, unknown>;
  const after = (change?.change.after?.body ?? {}) as Record<string, unknown>;
  return Object.keys({ ...before, ...after })
    .filter((key) => JSON.stringify(sorted(before[key])) !== JSON.stringify(sorted(after[key])))
    .sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Object)) return value;
  return Object.entries(value)
    .map(([key, item]) => [key, sorted(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
