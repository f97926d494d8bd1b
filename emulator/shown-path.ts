import { relative } from "node:path";

/** A folder as a person would type it: relative when it is below where they are. */
export function shownPath(directory: string): string {
  const below = relative(process.cwd(), directory);
  return below === "" || below.startsWith("..") ? directory : below;
}
