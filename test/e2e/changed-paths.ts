import type { ResourceChange } from "./workbench.js";

export interface DiffOptions {
  /** Whether a key is left out that only the first value has. @default false */
  readonly onlyKnown?: boolean;
}

/** Paths of all that differs between two values, such as `rules.0.limit`. */
export function differingPaths(
  before: unknown,
  after: unknown,
  { onlyKnown = false }: DiffOptions = {},
): readonly string[] {
  const walk = (left: unknown, right: unknown, path: readonly string[]): readonly string[] => {
    if (Array.isArray(left) && Array.isArray(right)) {
      const longer = left.length > right.length ? left : right;
      return longer.flatMap((_, index) => walk(left[index], right[index], [...path, `${index}`]));
    }
    if (isObject(left) && isObject(right)) {
      const keys = Object.keys(onlyKnown ? right : { ...left, ...right });
      return keys.flatMap((key) => walk(left[key], right[key], [...path, key]));
    }
    return JSON.stringify(left ?? null) === JSON.stringify(right ?? null) ? [] : [path.join(".")];
  };
  return [...walk(before, after, [])].sort();
}

/** What a plan changes of the named settings of a gateway, over either provider. */
export function changedPaths(
  { change }: ResourceChange,
  keys: readonly string[],
  options?: DiffOptions,
) {
  const settings = (side: Record<string, unknown> | null) => {
    const body = (side?.body ?? side ?? {}) as Record<string, unknown>;
    return Object.fromEntries(keys.map((key) => [key, body[key]]));
  };
  return differingPaths(settings(change.before), settings(change.after), options);
}

/** The first step of paths, each once. */
export const topKeys = (paths: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(paths).map(([name, each]) => [
      name,
      [...new Set(each.map((path) => path.split(".")[0]))].sort(),
    ]),
  );

const isObject = (value: unknown): value is Record<string, unknown> =>
  value instanceof Object && !Array.isArray(value);
