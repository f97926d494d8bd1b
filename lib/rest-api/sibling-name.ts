import { makeUniqueId } from "cdktf/lib/private/unique";

/** Words in a name beyond which nobody waits for all the paths they may stand for. */
const MANY = 10;

/**
 * What a construct's sibling is called in Terraform, by the construct's own name there. A name ends with a hash of the
 * path, which tells the path it was made of from those that only look like it.
 * @param name Such as `chat_baseline_0F7A3C55`
 * @returns undefined where no path is found: the name was given, or has a path's ids only in part
 */
export function siblingName(name: string, ownId: string, siblingId: string): string | undefined {
  const words = name.split("_").slice(0, -1);
  if (words.length > MANY) return undefined;
  const parents = pathsOf(words)
    // The name of a "Resource" does not have that id.
    .flatMap((path) => [path, path.slice(0, -1)])
    .find((path) => makeUniqueId([...path, ownId]) === name);
  return parents === undefined ? undefined : makeUniqueId([...parents, siblingId]);
}

/** All paths whose ids, with `_` between them, make the words: `_` may be part of an id. */
function pathsOf(words: readonly string[]): readonly (readonly string[])[] {
  return words.flatMap((_, index) => {
    const [first, rest] = [words.slice(0, index + 1).join("_"), words.slice(index + 1)];
    return rest.length === 0 ? [[first]] : pathsOf(rest).map((path) => [first, ...path]);
  });
}
